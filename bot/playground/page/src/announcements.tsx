// Says new and changed messages to a screen reader, by the text that Slack would have it read.
import { useEffect, useRef, useState } from "react";
import { spoken } from "./mrkdwn";
import type { Message, Person } from "./protocol";

function words(message: Message, people: Person[]): string {
  const seenBy = message.direct ? ", direct message" : message.ephemeral ? ", only visible to you" : "";
  return `${message.user.name}${seenBy}: ${spoken(message.text, people)}`;
}

/** `messages` is null until they are known: what was there before is not news. */
export function Announcements({ messages, people }: { messages: Message[] | null; people: Person[] }) {
  const known = useRef<Map<string, string> | null>(null);
  const [news, setNews] = useState<string[]>([]);
  useEffect(() => {
    const before = known.current;
    known.current = messages === null ? null : new Map(messages.map((message) => [message.ts, message.text]));
    if (messages === null || before === null) return;
    const fresh = messages.filter((message) => before.get(message.ts) !== message.text);
    if (fresh.length > 0) setNews(fresh.map((message) => words(message, people)));
  }, [messages, people]);
  return (
    <div className="sr-only" aria-live="polite" data-testid="announcements">
      {news.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}
