// The "More actions" menu of a message, by the pattern that w3.org/WAI/ARIA/apg/patterns/menu-button describes.
import { type CSSProperties, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { MoreIcon } from "./icons";

export interface MenuItem {
  label: string;
  testId: string;
  choose: () => void;
}

const ITEM_HEIGHT = 36;

/** Next to the button, above it where there is no room below: fixed, so that no scrolling part cuts it off. */
function placeBeside(button: HTMLElement, items: number): CSSProperties {
  const rect = button.getBoundingClientRect();
  const right = Math.max(8, window.innerWidth - rect.right);
  const needed = items * ITEM_HEIGHT + 24;
  const below = window.innerHeight - rect.bottom > needed;
  return below ? { right, top: rect.bottom + 4 } : { right, bottom: window.innerHeight - rect.top + 4 };
}

function Items({ items, at, id, close }: { items: MenuItem[]; at: CSSProperties; id: string; close: (refocus: boolean) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const buttons = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  useLayoutEffect(() => buttons()[0]?.focus(), []);
  useEffect(() => {
    const dismiss = () => close(false);
    const outside = (event: PointerEvent) => {
      if (!list.current?.contains(event.target as Node)) close(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("scroll", dismiss, true);
    window.addEventListener("resize", dismiss);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("scroll", dismiss, true);
      window.removeEventListener("resize", dismiss);
    };
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const all = buttons();
    const now = all.indexOf(document.activeElement as HTMLElement);
    const next: Record<string, number> = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 };
    if (event.key in next) all.at((next[event.key] ?? 0) % all.length)?.focus();
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") return close(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={list} id={id} className="menu" role="menu" aria-label="More actions" style={at} onKeyDown={onKeyDown}>
      {items.map(({ label, testId, choose }) => (
        <button
          key={testId}
          type="button"
          role="menuitem"
          tabIndex={-1}
          data-testid={testId}
          onClick={() => {
            close(true);
            choose();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

export function MoreMenu({ items, about }: { items: MenuItem[]; about: string }) {
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<CSSProperties | null>(null);
  const id = useId();
  const open = () => {
    if (button.current !== null) setAt(placeBeside(button.current, items.length));
  };
  const close = (refocus: boolean) => {
    setAt(null);
    if (refocus) button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button"
        data-testid="more"
        aria-label={`More actions for ${about}`}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        aria-controls={at === null ? undefined : id}
        // A press while the menu is open should close it: keep it from being the press "outside" that comes first.
        onPointerDown={(event) => at !== null && event.nativeEvent.stopImmediatePropagation()}
        onClick={() => (at === null ? open() : close(true))}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          open();
        }}
      >
        <MoreIcon />
      </button>
      {at === null ? null : <Items items={items} at={at} id={id} close={close} />}
    </>
  );
}
