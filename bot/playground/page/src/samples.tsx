// The sample calls as buttons that fill in the composer, in groups; and apart from them the call that comes in.
import { useState } from "react";
import { ChevronIcon } from "./icons";
import { type Incoming, IncomingButton } from "./incoming";
import type { Person, Sample, Workspace } from "./protocol";
import { callOf } from "./suggestions";

interface TryProps {
  workspace: Workspace;
  as: string;
  /** Writes into the composer. */
  fill: (text: string) => void;
  incoming: Incoming;
}

const ROOM_FOR_SAMPLES = "(min-height: 561px)";

/** Whose call it is, where it is not one of this person's; "" where that says nothing. */
function whose(sample: Sample, person: Person | undefined): string {
  return person === undefined || sample.whose.includes(person.name) ? "" : sample.whose.join(", ");
}

export function TryRow({ workspace, as, fill, incoming }: TryProps) {
  const { samples, people, app } = workspace;
  const groups = [...new Set(samples.map((sample) => sample.group))];
  const [open, setOpen] = useState(() => matchMedia(ROOM_FOR_SAMPLES).matches);
  const [chosen, setChosen] = useState<string | null>(null);
  const group = chosen !== null && groups.includes(chosen) ? chosen : groups[0];
  const person = people.find(({ id }) => id === as);
  return (
    <section className="try" aria-label="Sample calls">
      <div className="try-head">
        <button
          type="button"
          className="try-toggle"
          data-testid="try-toggle"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <ChevronIcon /> Look up:
        </button>
        {open ? (
          <div className="groups" role="group" aria-label="Kinds of samples">
            {groups.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === group}
                data-testid="sample-group"
                onClick={() => setChosen(each)}
              >
                {each}
              </button>
            ))}
          </div>
        ) : null}
        <IncomingButton begin={incoming.begin} />
      </div>
      {open ? (
        <ul aria-label={group}>
          {samples
            .filter((sample) => sample.group === group)
            .map((sample) => (
              <li key={sample.session_id}>
                <button
                  type="button"
                  className="chip"
                  data-testid="sample"
                  data-sample={sample.title}
                  title={`${sample.about}: ${sample.session_id}`}
                  onClick={() => fill(callOf(app.command, sample))}
                >
                  {sample.title}
                  {whose(sample, person) === "" ? null : <span className="whose"> · {whose(sample, person)}</span>}
                </button>
              </li>
            ))}
        </ul>
      ) : null}
    </section>
  );
}
