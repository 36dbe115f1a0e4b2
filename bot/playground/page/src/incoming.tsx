// "A call comes in": plays one for this person, and tells how it goes on, and whether they were told of it.
import { useEffect, useState } from "react";
import type { Acting } from "./api";
import { PhoneIcon } from "./icons";
import { Menu } from "./menu";
import type { CallStep, ChannelState, Reply, Workspace } from "./protocol";

export const CALL_COMES_IN = "A call comes in";
const TOLD_WITHIN_MS = 3000;
const LAST_WORDS_MS = 12000;

/** A call that comes in for a person. */
interface Story {
  as: string;
  steps: CallStep[];
  /** The newest message that they saw before. */
  newest: string;
  /** What is typed to be told of such a call. */
  command: string;
}

export interface Incoming {
  /** What happens just now; null while no call is under way. */
  says: string | null;
  /** Whom nothing has told of the call, and what they type to be told; null before that is clear. */
  untold: { name: string; command: string } | null;
  begin: (answered: boolean) => void;
}

function newestOf(state: ChannelState | null): string {
  return state?.messages.at(-1)?.ts ?? "";
}

/** Whether anything has told them of the call, as far as this person can see. */
function isTold(story: Story, as: string, state: ChannelState | null): boolean {
  if (story.as !== as) return state?.unread.includes(story.as) === true;
  return state?.messages.some(({ ts, from, ephemeral }) => from === "app" && !ephemeral && ts > story.newest) === true;
}

export function useIncoming(
  workspace: Workspace,
  as: string,
  acting: Acting,
  state: ChannelState | null,
  failed: (reply: Reply) => void,
): Incoming {
  const [story, setStory] = useState<Story | null>(null);
  const [says, setSays] = useState<string | null>(null);
  const [told, setTold] = useState(false);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const last = story?.steps.at(-1);
    if (story === null || last === undefined) return;
    setTold(false);
    setOver(false);
    const end = last.after * 1000;
    const timers = [
      ...story.steps.map((step) => window.setTimeout(() => setSays(step.says), step.after * 1000)),
      window.setTimeout(() => setOver(true), end + TOLD_WITHIN_MS),
      window.setTimeout(() => setStory(null), end + LAST_WORDS_MS),
    ];
    return () => timers.forEach((timer) => window.clearTimeout(timer));
  }, [story]);
  useEffect(() => {
    if (story !== null && isTold(story, as, state)) setTold(true);
  }, [story, as, state]);
  const begin = (answered: boolean) => {
    const command = `${workspace.app.command} subscribe ${answered ? "ended" : "missed"}`;
    void acting.call(answered).then((reply) => {
      failed(reply);
      if (reply.ok) setStory({ as, steps: reply.steps ?? [], newest: newestOf(state), command });
    });
  };
  if (story === null) return { says: null, untold: null, begin };
  const name = workspace.people.find(({ id }) => id === story.as)?.name ?? "";
  return { says, untold: over && !told ? { name, command: story.command } : null, begin };
}

export function IncomingButton({ begin }: { begin: Incoming["begin"] }) {
  const items = [
    { label: "It rings, and you miss it", testId: "call-missed", choose: () => begin(false) },
    { label: "You take it, and it is recorded", testId: "call-taken", choose: () => begin(true) },
  ];
  return (
    <Menu items={items} label={CALL_COMES_IN} buttonLabel={null} testId="call" className="chip call" icon={<><PhoneIcon /> {CALL_COMES_IN}</>} />
  );
}

export function IncomingLine({ incoming: { says, untold } }: { incoming: Incoming }) {
  return (
    <div role="status" data-testid="call-says">
      {says === null ? null : (
        <p className="next">
          <PhoneIcon />
          <span>
            {says}
            {untold === null ? null : (
              <>
                {" "}
                {untold.name} isn’t told of it. To be told, type <code>{untold.command}</code> before a call.
              </>
            )}
          </span>
        </p>
      )}
    </div>
  );
}
