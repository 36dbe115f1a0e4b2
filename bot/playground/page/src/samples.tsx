// The sample calls as buttons that fill in the composer, and the welcome that an empty channel shows.
import { useState } from "react";
import { AppMark, ChevronIcon } from "./icons";
import type { Sample, Workspace } from "./protocol";
import { callOf } from "./suggestions";

interface TryProps {
  workspace: Workspace;
  /** Writes into the composer. */
  fill: (text: string) => void;
}

const FIRST_FEW = 8;

export function TryRow({ workspace, fill }: TryProps) {
  const [open, setOpen] = useState(true);
  const [all, setAll] = useState(false);
  const { samples } = workspace;
  return (
    <section className="try" aria-label="Sample calls">
      <button
        type="button"
        className="try-toggle"
        data-testid="try-toggle"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <ChevronIcon /> Try
      </button>
      {open ? (
        <ul>
          {(all ? samples : samples.slice(0, FIRST_FEW)).map((sample) => (
            <li key={sample.session_id}>
              <button
                type="button"
                className="chip"
                data-testid="sample"
                title={`${sample.about}: ${sample.session_id}`}
                onClick={() => fill(callOf(workspace.app.command, sample))}
              >
                {sample.title}
              </button>
            </li>
          ))}
          {samples.length > FIRST_FEW ? (
            <li>
              <button type="button" className="chip more" data-testid="all-samples" onClick={() => setAll(!all)}>
                {all ? "Show fewer" : `All ${samples.length}…`}
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </section>
  );
}

function pasted(sample: Sample): string {
  return `Can somebody look at this call? session ${sample.session_id}`;
}

/** What the channel begins with: large while it is empty, a few words afterwards. */
export function Welcome({ workspace, empty, fill }: TryProps & { empty: boolean }) {
  const { app, channel, samples, shortcuts, people } = workspace;
  const first = samples[0];
  if (!empty)
    return (
      <p className="beginning">
        This is the beginning of <strong>#{channel.name}</strong>.
      </p>
    );
  return (
    <section className="welcome" data-testid="welcome" aria-labelledby="welcome-title">
      <div className="welcome-mark"><AppMark /></div>
      <h2 id="welcome-title">See what happened in a call</h2>
      <p>
        <strong>{app.name}</strong> is a Slack bot: give it the session id of a CometChat call, and it shows who was in
        it and when. Here the real bot answers, between a stand-in Slack and a stand-in CometChat.
      </p>
      <ol>
        {first === undefined ? null : (
          <li>
            <div>
              <strong>Look up a call.</strong> Type <code>{app.command}</code> and choose a sample, or take this one.
            </div>
            <button
              type="button"
              className="bk-button primary"
              data-testid="welcome-lookup"
              onClick={() => fill(callOf(app.command, first))}
            >
              {first.title}
            </button>
          </li>
        )}
        <li>
          <div>
            <strong>Be somebody else.</strong> {people.map((person) => person.name).join(", ")}: each sees only the calls
            they were in. Switch under “You are”.
          </div>
        </li>
        {first === undefined || shortcuts[0] === undefined ? null : (
          <li>
            <div>
              <strong>Ask about a message.</strong> Post one with a session id, then choose “{shortcuts[0].name}” in its ⋮
              menu.
            </div>
            <button type="button" className="bk-button plain" onClick={() => fill(pasted(first))}>
              Write one
            </button>
          </li>
        )}
      </ol>
    </section>
  );
}
