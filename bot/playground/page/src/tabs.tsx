// The tabs above what one sees: the channel, the app's Home, and Slackbot. By the pattern that
// w3.org/WAI/ARIA/apg/patterns/tabs describes.
import { type KeyboardEvent, useRef } from "react";

export type Tab = "messages" | "home" | "slackbot";

const NAMES: Record<Tab, string> = { messages: "Messages", home: "Home", slackbot: "Slackbot" };

export function tabId(tab: Tab): string {
  return `tab-${tab}`;
}

export function Tabs({ tabs, tab, choose }: { tabs: Tab[]; tab: Tab; choose: (tab: Tab) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const other = tabs.at((tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : -1)) % tabs.length) ?? tab;
    choose(other);
    list.current?.querySelector<HTMLElement>(`#${tabId(other)}`)?.focus();
  };
  return (
    <div ref={list} className="tabs" role="tablist" aria-label="callinfo" onKeyDown={onKeyDown}>
      {tabs.map((each) => (
        <button
          key={each}
          id={tabId(each)}
          type="button"
          role="tab"
          aria-selected={each === tab}
          aria-controls={each === tab ? "tab-panel" : undefined}
          tabIndex={each === tab ? 0 : -1}
          data-testid={tabId(each)}
          onClick={() => choose(each)}
        >
          {NAMES[each]}
        </button>
      ))}
    </div>
  );
}
