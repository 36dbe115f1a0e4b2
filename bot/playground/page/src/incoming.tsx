// "A call comes in": plays one for this person, and tells how it goes on.
import { useEffect, useState } from "react";
import type { Acting } from "./api";
import { PhoneIcon } from "./icons";
import { Menu } from "./menu";
import type { CallStep, Reply } from "./protocol";

const LAST_WORDS_MS = 6000;

export interface Incoming {
  /** What happens just now; null while no call is under way. */
  says: string | null;
  begin: (answered: boolean) => void;
}

export function useIncoming(acting: Acting, failed: (reply: Reply) => void): Incoming {
  const [steps, setSteps] = useState<CallStep[]>([]);
  const [says, setSays] = useState<string | null>(null);
  useEffect(() => {
    const last = steps.at(-1);
    if (last === undefined) return;
    const timers = steps.map((step) => window.setTimeout(() => setSays(step.says), step.after * 1000));
    const over = window.setTimeout(() => setSays(null), last.after * 1000 + LAST_WORDS_MS);
    return () => [...timers, over].forEach((timer) => window.clearTimeout(timer));
  }, [steps]);
  const begin = (answered: boolean) =>
    void acting.call(answered).then((reply) => {
      failed(reply);
      if (reply.ok) setSteps(reply.steps ?? []);
    });
  return { says, begin };
}

export function IncomingButton({ begin }: { begin: Incoming["begin"] }) {
  const items = [
    { label: "It rings, and you miss it", testId: "call-missed", choose: () => begin(false) },
    { label: "You take it, and it is recorded", testId: "call-taken", choose: () => begin(true) },
  ];
  return (
    <Menu items={items} label="A call comes in" buttonLabel={null} testId="call" className="chip call" icon={<><PhoneIcon /> A call comes in</>} />
  );
}

export function IncomingLine({ says }: { says: string | null }) {
  return (
    <div role="status" data-testid="call-says">
      {says === null ? null : (
        <p className="next">
          <PhoneIcon />
          <span>{says}</span>
        </p>
      )}
    </div>
  );
}
