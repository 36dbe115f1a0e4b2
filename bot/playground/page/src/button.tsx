// A button of a block: asks for confirmation where Slack would, sends the press, and looks busy until something
// happens. What the press does is decided by the bot.
import { createContext, useContext, useState } from "react";
import { ConfirmDialog } from "./dialog";
import type { Button, Place } from "./protocol";
import { Text } from "./renderer";

export interface Presses {
  press: (place: Place, blockId: string, button: Button) => void;
  /** The key of the button that was pressed last and has not had its effect, see `pressKey`. */
  busy: string | null;
}

export const PressContext = createContext<Presses>({ press: () => {}, busy: null });

export function pressKey(place: Place, blockId: string, actionId: string): string {
  return JSON.stringify([place, blockId, actionId]);
}

export function BlockButton({ place, blockId, button }: { place: Place; blockId: string; button: Button }) {
  const { press, busy } = useContext(PressContext);
  const [asking, setAsking] = useState(false);
  const isBusy = busy === pressKey(place, blockId, button.action_id);
  const go = () => {
    setAsking(false);
    press(place, blockId, button);
  };
  const shared = {
    className: `bk-button ${button.style ?? "plain"}`,
    "aria-label": button.accessibility_label,
    "data-action": button.action_id,
  };
  if (button.url !== undefined && button.confirm === undefined)
    return (
      <a {...shared} href={button.url} target="_blank" rel="noopener noreferrer" onClick={go}>
        <Text text={button.text} />
      </a>
    );
  const onClick = () => {
    if (isBusy) return;
    if (button.confirm === undefined) go();
    else setAsking(true);
  };
  const confirmed = () => {
    if (button.url !== undefined) window.open(button.url, "_blank", "noopener");
    go();
  };
  return (
    <>
      <button {...shared} type="button" aria-busy={isBusy} aria-disabled={isBusy} onClick={onClick}>
        <Text text={button.text} />
      </button>
      {asking && button.confirm !== undefined ? (
        <ConfirmDialog confirm={button.confirm} onConfirm={confirmed} onDeny={() => setAsking(false)} />
      ) : null}
    </>
  );
}
