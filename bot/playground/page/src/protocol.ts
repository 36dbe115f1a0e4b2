// What the stand-in Slack and this page say to each other, as types; and the one id that both know. Nothing here does anything.

/** The user that callinfo itself posts as. */
export const BOT_USER_ID = "U0CALLINFO";

export interface Person {
  id: string;
  name: string;
  about: string;
  admin: boolean;
}

export interface Sample {
  session_id: string;
  title: string;
  about: string;
  /** What it stands with: "Calls", "Privacy"… */
  group: string;
  /** The names of those here who have a part in it; none where nobody does. */
  whose: string[];
}

/** What can be typed after the command. */
export interface Subcommand {
  text: string;
  about: string;
  admins_only: boolean;
}

export interface Shortcut {
  callback_id: string;
  name: string;
}

/** How Slackbot can be asked: what it says of that, and examples for each person, by id. */
export interface Slackbot {
  name: string;
  hint: string;
  questions: Record<string, string[]>;
}

export interface Workspace {
  team: { id: string; name: string };
  channel: { id: string; name: string };
  app: { id: string; name: string; command: string; usage_hint: string };
  /** Those of a message's menu, and those of the menu beside the message box. */
  shortcuts: Shortcut[];
  global_shortcuts: Shortcut[];
  people: Person[];
  /** Null where the bot can't be asked by Slackbot: in Socket Mode. */
  slackbot: Slackbot | null;
  commands: Subcommand[];
  samples: Sample[];
  /** When this page was loaded, as a message's time stamp. Ephemeral messages and modals from before it are gone. */
  loaded: string;
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

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
}

export interface OptionInput {
  type: "static_select" | "radio_buttons" | "overflow";
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
  filter?: { include?: string[] };
  default_to_current_conversation?: boolean;
}

export interface CheckboxInput {
  type: "checkboxes";
  action_id: string;
  options: Option[];
  initial_options?: Option[];
}

/** What an input block asks with; the value of each is a string here, "" for none, or a list for checkboxes. */
export type Input = TextInput | OptionInput | DateInput | ConversationInput | CheckboxInput;
export type Value = string | string[];

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
  /** When it was opened, as a message's time stamp. */
  opened: string;
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
  /** The ids of the other people who have a message that no page has shown them. */
  unread: string[];
  modals: Modal[];
  /** What the bot has published in this person's Home tab, null before that. */
  home: Home | null;
  /** The conversation with Slackbot, the oldest first. */
  slackbot: SlackbotEntry[];
}

export interface SlackbotEntry {
  ts: string;
  from: "person" | "slackbot";
  /** What the person wrote, or what the tool returned for the model: plain text. */
  text: string;
  blocks: Block[] | null;
  error: boolean;
  pending: boolean;
  tool: { name: string; arguments: object } | null;
}

/** What happens in a call that comes in, `after` so many seconds. */
export interface CallStep {
  after: number;
  says: string;
}

/** Where a pressed button is: in a message, or in a modal or the Home tab. */
export type Place = { ts: string } | { view_id: string };

/** What was typed and chosen in a modal, as Slack nests it: block id, action id, value. */
export type Values = Record<string, Record<string, Value>>;

export interface Reply {
  ok: boolean;
  error?: string;
  errors?: Record<string, string>;
  /** Of a call that comes in. */
  steps?: CallStep[];
}
