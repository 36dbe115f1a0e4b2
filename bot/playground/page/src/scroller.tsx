// A list that is read at its bottom: it goes there for each new entry, and stays there while something grows.
import { type ReactNode, useEffect, useRef } from "react";

const AT_BOTTOM_PX = 24;

interface ScrollerProps {
  /** What is said to be listed here. */
  label: string;
  /** The key of the newest entry. */
  newest: string | undefined;
  children: ReactNode;
}

export function Scroller({ label, newest, children }: ScrollerProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  useEffect(() => {
    const frame = scroller.current;
    if (frame === null) return;
    const last = frame.querySelector(".message:last-of-type");
    if (last === null) {
      frame.scrollTop = 0; // what stands in an empty list's place is read from its top
      return;
    }
    // A card taller than the list is read from its top.
    const tall = last.getBoundingClientRect().height > frame.clientHeight;
    if (tall) last.scrollIntoView({ block: "start" });
    else frame.scrollTop = frame.scrollHeight;
  }, [newest]);
  useEffect(() => {
    const frame = scroller.current;
    const list = frame?.querySelector("ol");
    if (frame === null || list === null || list === undefined) return;
    // Whoever reads at the bottom stays there when a card grows or the composer takes more room.
    const observer = new ResizeObserver(() => {
      if (atBottom.current && list.childElementCount > 0) frame.scrollTop = frame.scrollHeight;
    });
    observer.observe(frame);
    observer.observe(list);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const frame = scroller.current;
    if (frame !== null) atBottom.current = frame.scrollHeight - frame.scrollTop - frame.clientHeight < AT_BOTTOM_PX;
  };
  return (
    // Focusable, so that the arrow keys scroll it.
    <div ref={scroller} className="messages" tabIndex={0} role="region" aria-label={label} onScroll={onScroll}>
      {children}
    </div>
  );
}
