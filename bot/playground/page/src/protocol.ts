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
  /** Those of a message's menu, and those of the menu beside the message box. */
  shortcuts: Shortcut[];
  global_shortcuts: Shortcut[];
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

interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
}

export interface OptionInput {
  type: "static_select" | "radio_buttons";
  action_id: string;
  placeholder?: TextObject;
  options: Option[];
  initial_option?: Option;
}

export interface DateInput {
  type: "datepicker";
  action_id: string;
  initial_date?: string;
}

export interface ConversationInput {
  type: "conversations_select";
  action_id: string;
  placeholder?: TextObject;
  initial_conversation?: string;
  default_to_current_conversation?: boolean;
}

/** What an input block asks with; the value of each is a string here, "" for none. */
export type Input = TextInput | OptionInput | DateInput | ConversationInput;

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
  /** The conversation that it was opened over, null in the Home tab; and those that one can choose. */
  conversation: string | null;
  conversations: Conversation[];
}

export interface Conversation {
  id: string;
  name: string;
}

export interface Home {
  view_id: string;
  blocks: Block[];
}

export interface ChannelState {
  messages: Message[];
  modals: Modal[];
  /** What the bot has published in this person's Home tab, null before that. */
  home: Home | null;
}

/** Where a pressed button is: in a message, or in a modal or the Home tab. */
export type Place = { ts: string } | { view_id: string };

/** What was typed and chosen in a modal, as Slack nests it: block id, action id, value. */
export type Values = Record<string, Record<string, string>>;

export interface Reply {
  ok: boolean;
  error?: string;
  errors?: Record<string, string>;
}
