// What the channel begins with: large while it is empty, a few words afterwards.
import { AppMark } from "./icons";
import type { Sample, Workspace } from "./protocol";
import { callOf } from "./suggestions";

interface WelcomeProps {
  workspace: Workspace;
  empty: boolean;
  /** Writes into the composer. */
  fill: (text: string) => void;
  /** Sends at once. */
  send: (text: string) => void;
}

function pasted(sample: Sample): string {
  return `Can somebody look at this call? session ${sample.session_id}`;
}

export function Welcome({ workspace, empty, fill, send }: WelcomeProps) {
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
        <strong>{app.name}</strong> is a Slack bot that shows who was in a CometChat call, when, and how it ended. Here
        the real bot answers; Slack and CometChat are stand-ins.
      </p>
      <ol>
        {first === undefined ? null : (
          <li>
            <div>
              <strong>Look up a call.</strong> Take this one, or type <code>{app.command} recent</code> for all of yours.
            </div>
            <button
              type="button"
              className="bk-button primary"
              data-testid="welcome-lookup"
              onClick={() => send(callOf(app.command, first))}
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
            <button type="button" className="bk-button plain" data-testid="welcome-write" onClick={() => fill(pasted(first))}>
              Write one
            </button>
          </li>
        )}
      </ol>
    </section>
  );
}
