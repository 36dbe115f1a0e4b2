// What the stand-in Slack and this page say to each other, as types; and the one id that both know. Nothing here does anything.

/** The user that callinfo itself posts as. */
export const BOT_USER_ID = "U0CALLINFO";

export interface Person {
  id: string;
  name: string;
  about: string;
}

export interface Sample {
  session_id: string;
  title: string;
  about: string;
}

export interface Shortcut {
  callback_id: string;
  name: string;
}

export interface Workspace {
  team: { id: string; name: string };
  channel: { id: string; name: string };
  app: { id: string; name: string; command: string; usage_hint: string };
  shortcuts: Shortcut[];
  people: Person[];
  samples: Sample[];
}

export interface TextObject {
  type: "plain_text" | "mrkdwn";
  text: string;
  emoji?: boolean;
  verbatim?: boolean;
}

export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: "primary" | "danger";
}

export interface Button {
  type: "button";
  text: TextObject;
  action_id: string;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  confirm?: Confirm;
  accessibility_label?: string;
}

export interface TextInput {
  type: "plain_text_input";
  action_id: string;
  placeholder?: TextObject;
  initial_value?: string;
  multiline?: boolean;
  max_length?: number;
  focus_on_load?: boolean;
}

/** A Block Kit block. Only the parts this page looks at are named; the renderer knows the rest. */
export interface Block {
  type: string;
  block_id?: string;
  [key: string]: unknown;
}

export interface Attachment {
  color?: string;
  pretext?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fallback?: string;
  blocks?: Block[];
}

export interface Message {
  ts: string;
  thread_ts: string | null;
  from: "person" | "app" | "slack";
  user: { id: string; name: string };
  text: string;
  blocks: Block[] | null;
  attachments: Attachment[] | null;
  ephemeral: boolean;
  /** Whether it is in a channel of the bot and this person alone. The page shows it between the others, marked. */
  direct: boolean;
  edited: boolean;
  reply_count: number;
  pending: boolean;
}

export interface Modal {
  view_id: string;
  callback_id: string;
  title: string;
  submit: string | null;
  close: string | null;
  blocks: Block[];
  errors: Record<string, string>;
}

export interface ChannelState {
  messages: Message[];
  modals: Modal[];
}

/** Where a pressed button is: in a message or in a modal. */
export type Place = { ts: string } | { view_id: string };

/** What was typed in a modal, as Slack nests it: block id, action id, value. */
export type Values = Record<string, Record<string, string>>;

export interface Reply {
  ok: boolean;
  error?: string;
  errors?: Record<string, string>;
}
