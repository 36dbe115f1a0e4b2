// A menu behind a button: of a message, or beside the message box. By the pattern that w3.org/WAI/ARIA/apg/patterns/menu-button describes.
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";

export interface MenuItem {
  label: string;
  testId: string;
  choose: () => void;
}

const ITEM_HEIGHT = 36;

/** Next to the button, above it where there is no room below: fixed, so that no scrolling part cuts it off. */
function placeBeside(button: HTMLElement, items: number): CSSProperties {
  const rect = button.getBoundingClientRect();
  const needed = items * ITEM_HEIGHT + 24;
  const below = window.innerHeight - rect.bottom > needed;
  return {
    ...(rect.left < window.innerWidth / 2 ? { left: rect.left } : { right: Math.max(8, window.innerWidth - rect.right) }),
    ...(below ? { top: rect.bottom + 4 } : { bottom: window.innerHeight - rect.top + 4 }),
  };
}

interface ItemsProps {
  items: MenuItem[];
  label: string;
  at: CSSProperties;
  id: string;
  close: (refocus: boolean) => void;
}

function Items({ items, label, at, id, close }: ItemsProps) {
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
    <div ref={list} id={id} className="menu" role="menu" aria-label={label} style={at} onKeyDown={onKeyDown}>
      {items.map(({ label: name, testId, choose }) => (
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
          {name}
        </button>
      ))}
    </div>
  );
}

interface MenuProps {
  items: MenuItem[];
  /** What the menu is called, and its button where that says more; null where the button has words. */
  label: string;
  buttonLabel: string | null;
  testId: string;
  icon: ReactNode;
  className?: string;
}

export function Menu({ items, label, buttonLabel, testId, icon, className = "icon-button" }: MenuProps) {
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
        className={className}
        data-testid={testId}
        aria-label={buttonLabel ?? undefined}
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
        {icon}
      </button>
      {at === null ? null : <Items items={items} label={label} at={at} id={id} close={close} />}
    </>
  );
}
