// How this page uses slack-blocks-to-jsx: its theme, its names for mentions, and the hooks that keep everything on
// this machine. What a block means, and what happens when a button is pressed, is for blocks.tsx.
import { Component, createContext, type ReactNode, useContext } from "react";
import { Message, type Block as RendererBlock, type MessageProps } from "slack-blocks-to-jsx";
import { opens } from "./links";
import { type Part, parseMrkdwn, parsePlain } from "./mrkdwn";
import { type Block, BOT_USER_ID, type TextObject, type Workspace } from "./protocol";
import type { Scheme } from "./theme";
import { moment } from "./time";

type Hooks = NonNullable<MessageProps["hooks"]>;

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

const hooks: Hooks = {
  // The renderer would load pictures of emoji from elsewhere. An unknown name goes back as it was written: the
  // ":00:" of 00:00:00 looks like one.
  emoji: ({ name }, parse) => {
    const character = parse({ name });
    return character === name ? `:${name}:` : character;
  },
  link: ({ href, children, className }) =>
    SAFE_LINK.test(href) ? (
      <a href={opens(href)} className={className} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ) : (
      <>{children}</>
    ),
  date: ({ timestamp, format, fallback }) => moment(Number(timestamp), format) ?? fallback,
};

interface Setting {
  scheme: Scheme;
  data: MessageProps["data"];
}

const SettingContext = createContext<Setting>({ scheme: "light", data: {} });

/** Everything inside renders blocks with this workspace's names and in this colour scheme. */
export function RendererSetting(props: { workspace: Workspace; scheme: Scheme; children: ReactNode }) {
  const { workspace, scheme, children } = props;
  const app = { id: BOT_USER_ID, name: workspace.app.name };
  const data = { users: [...workspace.people, app], channels: [workspace.channel] };
  return <SettingContext value={{ scheme, data }}>{children}</SettingContext>;
}

/** One block, by the renderer. */
export function Rendered({ block }: { block: Block }) {
  const { scheme, data } = useContext(SettingContext);
  // Ids are unique in a Slack message but not on this page, so they stay out of the document.
  const { block_id: _, ...rest } = block;
  return (
    <Message
      withoutWrapper
      name=""
      logo=""
      theme={scheme}
      blocks={[rest as unknown as RendererBlock]}
      hooks={hooks}
      data={data}
    />
  );
}

export function RichText({ parts }: { parts: Part[] }) {
  return <Rendered block={{ type: "rich_text", elements: parts }} />;
}

export function Mrkdwn({ text }: { text: string }) {
  return <RichText parts={parseMrkdwn(text)} />;
}

/** A text object of either type. */
export function Text({ text }: { text: TextObject }) {
  return text.type === "mrkdwn" ? (
    <Mrkdwn text={text.text} />
  ) : (
    <RichText parts={parsePlain(text.text, text.emoji !== false)} />
  );
}

/** Shows `instead` when a block can't be rendered, so that one bad message does not take the page down. */
export class Guarded extends Component<{ instead: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
