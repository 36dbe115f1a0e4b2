// The conversation with Slackbot, which asks callinfo on behalf of whoever asks it.
import { useRef, useState } from "react";
import type { Acting } from "./api";
import { Blocks } from "./blocks";
import { PressContext, usePresses } from "./button";
import { Composer } from "./composer";
import { Avatar } from "./icons";
import type { ChannelState, Reply, Slackbot, SlackbotEntry, Workspace } from "./protocol";
import { Guarded } from "./renderer";
import { Scroller } from "./scroller";
import { fullTime, shortTime } from "./time";

function Plain({ text }: { text: string }) {
  return <div className="plain">{text}</div>;
}

/** What was asked of callinfo, and what the model got to read. */
function Tool({ entry }: { entry: SlackbotEntry }) {
  if (entry.tool === null) return null;
  const call = (
    <code>
      {entry.tool.name} {JSON.stringify(entry.tool.arguments)}
    </code>
  );
  if (entry.blocks === null) return <p className="tool">{call}</p>;
  return (
    <details className="tool">
      <summary>{call}</summary>
      <Plain text={entry.text} />
    </details>
  );
}

function EntryView({ entry, name, personIndex }: { entry: SlackbotEntry; name: string; personIndex: number }) {
  const asked = entry.from === "person";
  return (
    <li className="message" data-testid={asked ? "question" : "answer"} data-ts={entry.ts} data-error={entry.error}>
      <div className="gutter">
        <Avatar name={name} kind={asked ? "person" : "other"} index={personIndex} />
      </div>
      <div className="message-body">
        <p className="who">
          <strong>{name}</strong>
          {asked ? null : <span className="badge">APP</span>}
          <time dateTime={fullTime(entry.ts).iso} title={fullTime(entry.ts).words}>
            {shortTime(entry.ts)}
          </time>
        </p>
        <Guarded instead={<Plain text={entry.text} />}>
          {entry.pending ? (
            <p className="muted">…</p>
          ) : entry.blocks === null ? (
            <Plain text={entry.text} />
          ) : (
            <Blocks blocks={entry.blocks} place={{ ts: entry.ts }} />
          )}
        </Guarded>
        <Tool entry={entry} />
      </div>
    </li>
  );
}

interface SlackbotProps {
  workspace: Workspace;
  slackbot: Slackbot;
  state: ChannelState;
  as: string;
  acting: Acting;
  failed: (reply: Reply) => void;
}

export function SlackbotView({ workspace, slackbot, state, as, acting, failed }: SlackbotProps) {
  const [draft, setDraft] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const presses = usePresses(acting.pressSlackbot, state, failed);
  const entries = state.slackbot;
  const index = workspace.people.findIndex((person) => person.id === as);
  const name = workspace.people[index]?.name ?? "";
  const ask = (question: string) => {
    box.current?.focus();
    void acting.ask(question).then(failed);
  };
  return (
    <PressContext value={presses}>
      <Scroller label={slackbot.name} newest={entries.at(-1)?.ts}>
        <p className="beginning">{slackbot.hint}.</p>
        <div role="log" aria-label={`Conversation with ${slackbot.name}`}>
          <ol>
            {entries.map((entry) => (
              <EntryView key={entry.ts} entry={entry} name={entry.from === "person" ? name : slackbot.name} personIndex={index} />
            ))}
          </ol>
        </div>
      </Scroller>
      <div className="dock">
        <section className="try" aria-label="Questions">
          <ul>
            {(slackbot.questions[as] ?? []).map((question) => (
              <li key={question}>
                <button type="button" className="chip" data-testid="ask" onClick={() => ask(question)}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </section>
        <Composer
          workspace={workspace}
          as={as}
          draft={draft}
          setDraft={setDraft}
          send={acting.ask}
          box={box}
          placeholder={`Ask ${slackbot.name} about your calls`}
          testId="slackbot-composer"
          shortcuts={null}
        />
      </div>
    </PressContext>
  );
}
