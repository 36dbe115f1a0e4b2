// After the first look-up: a line that says whom to be next, until that person has looked up the same call.
import { useState } from "react";
import type { Person, Workspace } from "./protocol";
import { callOf } from "./suggestions";

export interface Next {
  /** Whom to be; null before the first look-up, and once it was done. */
  person: Person | null;
  /** Takes note of what was sent by whom. */
  sent: (as: string, text: string) => void;
}

export function useNext(workspace: Workspace): Next {
  const [next, setNext] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const { people, samples, app } = workspace;
  const [first] = samples;
  const sent = (as: string, text: string) => {
    if (done || first === undefined || text !== callOf(app.command, first)) return;
    if (as === next) setDone(true);
    else if (next === null) setNext(people.find(({ id, name }) => id !== as && first.whose.includes(name))?.id ?? null);
  };
  return { person: (done ? undefined : people.find(({ id }) => id === next)) ?? null, sent };
}

interface NextLineProps {
  workspace: Workspace;
  person: Person;
  as: string;
  choose: (id: string) => void;
  send: (text: string) => void;
}

export function NextLine({ workspace, person, as, choose, send }: NextLineProps) {
  const [first] = workspace.samples;
  if (first === undefined) return null;
  const there = person.id === as;
  return (
    <p className="next" role="status" data-testid="next">
      <span>
        {there ? (
          <>
            You are <strong>{person.name}</strong> now. Look up the same call:
          </>
        ) : (
          <>
            Next: be <strong>{person.name}</strong>, and look up the same call.
          </>
        )}
      </span>
      <button
        type="button"
        className="bk-button plain"
        data-testid="next-go"
        onClick={() => (there ? send(callOf(workspace.app.command, first)) : choose(person.id))}
      >
        {there ? `Show ${first.title}` : `Be ${person.name}`}
      </button>
    </p>
  );
}
