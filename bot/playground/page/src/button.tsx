// A button of a block: asks for confirmation where Slack would, sends the press, and looks busy until something
// happens. What the press does is decided by the bot.
import { createContext, useContext, useEffect, useState } from "react";
import { useConfirm } from "./confirm";
import { opens } from "./links";
import type { Button, ChannelState, Place, Reply, Value } from "./protocol";
import { Text } from "./renderer";

export interface Presses {
  press: (place: Place, blockId: string, actionId: string, value?: Value) => void;
  /** The key of what was pressed last and has not had its effect, see `pressKey`. */
  busy: string | null;
}

export const PressContext = createContext<Presses>({ press: () => {}, busy: null });

export function pressKey(place: Place, blockId: string, actionId: string): string {
  return JSON.stringify([place, blockId, actionId]);
}

const BUSY_AT_MOST_MS = 3000;

/** Presses, and the button that looks busy: until what one sees changes, or Slack's three seconds have passed. */
export function usePresses(
  send: (place: Place, blockId: string, actionId: string, value?: Value) => Promise<Reply>,
  state: ChannelState | null,
  failed: (reply: Reply) => void,
): Presses {
  const [busy, setBusy] = useState<string | null>(null);
  useEffect(() => setBusy(null), [state]);
  useEffect(() => {
    if (busy === null) return;
    const timer = window.setTimeout(() => setBusy(null), BUSY_AT_MOST_MS);
    return () => window.clearTimeout(timer);
  }, [busy]);
  return {
    busy,
    press: (place, blockId, actionId, value) => {
      setBusy(pressKey(place, blockId, actionId));
      void send(place, blockId, actionId, value).then(failed);
    },
  };
}

export function BlockButton({ place, blockId, button }: { place: Place; blockId: string; button: Button }) {
  const { press, busy } = useContext(PressContext);
  const { ask, dialog } = useConfirm(button.confirm);
  const isBusy = busy === pressKey(place, blockId, button.action_id);
  const go = () => press(place, blockId, button.action_id, button.value);
  const shared = {
    className: `bk-button ${button.style ?? "plain"}`,
    "aria-label": button.accessibility_label,
    "data-action": button.action_id,
  };
  if (button.url !== undefined && button.confirm === undefined)
    return (
      <a {...shared} href={opens(button.url)} target="_blank" rel="noopener noreferrer" onClick={go}>
        <Text text={button.text} />
      </a>
    );
  const confirmed = () => {
    if (button.url !== undefined) window.open(opens(button.url), "_blank", "noopener");
    go();
  };
  return (
    <>
      <button {...shared} type="button" aria-busy={isBusy} aria-disabled={isBusy} onClick={() => !isBusy && ask(confirmed)}>
        <Text text={button.text} />
      </button>
      {dialog}
    </>
  );
}
