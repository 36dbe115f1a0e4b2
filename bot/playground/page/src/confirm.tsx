// Asks before something is done, where the bot wants that.
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "./dialog";
import type { Confirm } from "./protocol";

/** `ask` does it, after the question if there is one; `dialog` is the question while it is open. */
export function useConfirm(confirm: Confirm | undefined): { ask: (act: () => void) => void; dialog: ReactNode } {
  const [waiting, setWaiting] = useState<(() => void) | null>(null);
  if (confirm === undefined) return { ask: (act) => act(), dialog: null };
  const confirmed = () => {
    setWaiting(null);
    waiting?.();
  };
  const dialog = waiting === null ? null : <ConfirmDialog confirm={confirm} onConfirm={confirmed} onDeny={() => setWaiting(null)} />;
  return { ask: (act) => setWaiting(() => act), dialog };
}
