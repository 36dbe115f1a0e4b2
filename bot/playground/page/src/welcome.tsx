// What the channel begins with: large while it is empty, a few words afterwards.
import { AppMark } from "./icons";
import { CALL_COMES_IN } from "./incoming";
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
              <strong>Look up a call.</strong> The button sends <code>{app.command}</code> with a session id.{" "}
              <code>{app.command} recent</code> lists all your calls.
            </div>
            <button
              type="button"
              className="bk-button primary"
              data-testid="welcome-lookup"
              onClick={() => send(callOf(app.command, first))}
            >
              Show {first.title}
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
        <li>
          <div>
            <strong>Be told.</strong> Get a message when you miss a call, then let one come in: “{CALL_COMES_IN}” below.
          </div>
          <button
            type="button"
            className="bk-button plain"
            data-testid="welcome-subscribe"
            onClick={() => send(`${app.command} subscribe missed`)}
          >
            Tell me of missed calls
          </button>
        </li>
      </ol>
    </section>
  );
}
