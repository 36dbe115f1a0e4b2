// One message: who, when, what, and what one can do with it.
import type { ReactNode } from "react";
import { Blocks } from "./blocks";
import { Avatar, EyeIcon, MailIcon, MoreIcon, ReplyIcon } from "./icons";
import { Menu, type MenuItem } from "./menu";
import { type Attachment, BOT_USER_ID, type Message, type Shortcut } from "./protocol";
import { Guarded, Mrkdwn } from "./renderer";
import { fullTime, shortTime } from "./time";

export interface MessageActions {
  shortcuts: Shortcut[];
  shortcut: (callbackId: string, ts: string) => void;
  dismiss: (ts: string) => void;
  /** Null where a thread can't be opened: inside of one. */
  openThread: ((ts: string) => void) | null;
}

function AttachmentView({ attachment, ts }: { attachment: Attachment; ts: string }) {
  const { color, pretext, title, title_link, text, fallback, blocks } = attachment;
  const words = blocks === undefined ? (text ?? fallback) : text;
  const linked = title_link === undefined ? title : `<${title_link}|${title ?? title_link}>`;
  return (
    <>
      {pretext === undefined ? null : <Mrkdwn text={pretext} />}
      <div className="attachment" style={color === undefined ? undefined : { borderLeftColor: color.replace(/^(?=[0-9a-f]{6}$)/i, "#") }}>
        {linked === undefined ? null : <strong><Mrkdwn text={linked} /></strong>}
        {words === undefined ? null : <Mrkdwn text={words} />}
        {blocks === undefined ? null : <Blocks blocks={blocks} place={{ ts }} />}
      </div>
    </>
  );
}

function Content({ message }: { message: Message }) {
  return (
    <div className="content">
      {message.blocks === null || message.blocks.length === 0 ? (
        <Mrkdwn text={message.text} />
      ) : (
        <Blocks blocks={message.blocks} place={{ ts: message.ts }} />
      )}
      {message.edited ? <span className="muted"> (edited)</span> : null}
      {message.attachments?.map((attachment, index) => (
        <AttachmentView key={index} attachment={attachment} ts={message.ts} />
      ))}
    </div>
  );
}

function menuOf(message: Message, actions: MessageActions): MenuItem[] {
  const { shortcuts, shortcut, openThread } = actions;
  const items = shortcuts.map(({ callback_id, name }) => ({
    label: name,
    testId: `shortcut-${callback_id}`,
    choose: () => shortcut(callback_id, message.ts),
  }));
  // A thread here is the channel's: an answer to a direct message would be seen by all.
  if (openThread === null || message.direct) return items;
  return [...items, { label: "Reply in thread", testId: "reply-in-thread", choose: () => openThread(message.ts) }];
}

function Dismiss({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className="link-button" data-testid="dismiss" onClick={onClick}>
      Dismiss
    </button>
  );
}

/** Who sees it, above a message that not everybody does. */
function OnlyYou({ message, dismiss }: { message: Message; dismiss: (ts: string) => void }) {
  if (message.ephemeral)
    return (
      <p className="only-you">
        <EyeIcon /> Only visible to you <span aria-hidden="true">·</span> <Dismiss onClick={() => dismiss(message.ts)} />
      </p>
    );
  if (!message.direct) return null;
  return (
    <p className="only-you" data-testid="direct">
      <MailIcon /> Direct message from {message.user.name}, only you see it
    </p>
  );
}

interface MessageProps {
  message: Message;
  personIndex: number;
  /** Whether the message before is by the same person, moments ago. */
  follows: boolean;
  /** What the thread's root shows of it: "2 replies". */
  replies: string | null;
  actions: MessageActions;
}

export function MessageView({ message, personIndex, follows, replies, actions }: MessageProps) {
  const { ts, user, ephemeral, direct, from } = message;
  const about = `the message by ${user.name} at ${shortTime(ts)}`;
  const kind = from === "person" ? "person" : user.id === BOT_USER_ID ? "callinfo" : "other";
  const asWords: ReactNode = <Mrkdwn text={message.text} />;
  return (
    <li
      className={`message ${ephemeral || direct ? "private" : ""} ${follows ? "follows" : ""}`}
      data-testid="message"
      data-ts={ts}
      data-ephemeral={ephemeral}
      data-from={from}
    >
      <div className="gutter">
        {follows ? null : <Avatar name={user.name} kind={kind} index={personIndex} />}
      </div>
      <div className="message-body">
        <OnlyYou message={message} dismiss={actions.dismiss} />
        <p className={follows ? "sr-only" : "who"}>
          <strong>{user.name}</strong>
          {from === "person" ? null : <span className="badge">APP</span>}
          <time dateTime={fullTime(ts).iso} title={fullTime(ts).words}>
            {shortTime(ts)}
          </time>
        </p>
        <Guarded instead={asWords}>
          <Content message={message} />
        </Guarded>
        {replies === null || actions.openThread === null ? null : (
          <button type="button" className="replies" data-testid="replies" onClick={() => actions.openThread?.(ts)}>
            <ReplyIcon /> {replies}
          </button>
        )}
      </div>
      {ephemeral ? null : (
        <div className="tools">
          <Menu
            items={menuOf(message, actions)}
            label="More actions"
            buttonLabel={`More actions for ${about}`}
            testId="more"
            icon={<MoreIcon />}
          />
        </div>
      )}
    </li>
  );
}
