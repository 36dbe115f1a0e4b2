// A list of messages in their order, by days: the channel's, or a thread's.
import { Fragment, type ReactNode } from "react";
import { type MessageActions, MessageView } from "./message";
import type { Message, Person } from "./protocol";
import { Scroller } from "./scroller";
import { dayOf, seconds } from "./time";

const SAME_BREATH_S = 300;

function isReply(message: Message): boolean {
  return message.thread_ts !== null && message.thread_ts !== message.ts;
}

export function channelMessages(messages: Message[]): Message[] {
  return messages.filter((message) => !isReply(message));
}

export function threadMessages(messages: Message[], threadTs: string): Message[] {
  return messages.filter((message) => message.ts === threadTs || (isReply(message) && message.thread_ts === threadTs));
}

/** What the root of a thread says of its replies, some of which only this person sees. */
function repliesOf(root: Message, messages: Message[]): string | null {
  const mine = messages.filter((message) => isReply(message) && message.thread_ts === root.ts && message.ephemeral).length;
  const parts = [
    root.reply_count > 0 ? `${root.reply_count} ${root.reply_count === 1 ? "reply" : "replies"}` : null,
    mine > 0 ? `${mine} only visible to you` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(" · ");
}

function isPrivate(message: Message): boolean {
  return message.ephemeral || message.direct;
}

function followsOn(message: Message, before: Message | undefined): boolean {
  return (
    before !== undefined &&
    before.user.id === message.user.id &&
    !isPrivate(before) &&
    !isPrivate(message) &&
    dayOf(before.ts) === dayOf(message.ts) &&
    seconds(message.ts) - seconds(before.ts) < SAME_BREATH_S
  );
}

interface MessagesProps {
  /** The messages of this list. */
  shown: Message[];
  /** All messages, to count replies. */
  all: Message[];
  people: Person[];
  actions: MessageActions;
  label: string;
  intro: ReactNode;
}

export function Messages({ shown, all, people, actions, label, intro }: MessagesProps) {
  return (
    <Scroller label={label} newest={shown.at(-1)?.ts}>
      {intro}
      <ol>
        {shown.map((message, index) => {
          const before = shown[index - 1];
          const newDay = before === undefined || dayOf(before.ts) !== dayOf(message.ts);
          return (
            <Fragment key={message.ts}>
              {newDay ? (
                <li className="day">
                  <span>{dayOf(message.ts)}</span>
                </li>
              ) : null}
              <MessageView
                message={message}
                personIndex={people.findIndex((person) => person.id === message.user.id)}
                follows={followsOn(message, before)}
                replies={repliesOf(message, all)}
                actions={actions}
              />
            </Fragment>
          );
        })}
      </ol>
    </Scroller>
  );
}
