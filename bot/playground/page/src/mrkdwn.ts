// Slack's mrkdwn and plain text, parsed to rich_text elements, which the renderer shows exactly as they are.
//
// The renderer's own parser is meant for Markdown: it drops lines such as "# 1", formats table cells that Slack shows
// raw, turns an escaped &lt;!channel&gt; into a mention, and shows text marked `verbatim` without any formatting. So
// none of our text goes through it. The rules are those of docs.slack.dev/messaging/formatting-message-text.

import { moment } from "./time";

export interface Style {
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
}

export type Inline =
  | { type: "text"; text: string; style?: Style }
  | { type: "link"; url: string; text: string; style?: Style }
  | { type: "emoji"; name: string }
  | { type: "user"; user_id: string }
  | { type: "channel"; channel_id: string }
  | { type: "usergroup"; usergroup_id: string }
  | { type: "broadcast"; range: string }
  | { type: "date"; timestamp: number; format: string; fallback: string; style?: Style };

export type Part =
  | { type: "rich_text_section"; elements: Inline[] }
  | { type: "rich_text_quote"; elements: Inline[] }
  | { type: "rich_text_preformatted"; elements: Inline[] };

const STYLES: Record<string, Style> = { "*": { bold: true }, _: { italic: true }, "~": { strike: true } };
const CODE = /`([^`\n]+)`/y;
const ANGLED = /<([^<>\n]+)>/y;
const EMOJI = /:([\p{L}\p{N}_+'-]+):/uy;
const BARE_LINK = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"]/y;
// A mark opens before a word and closes after one; between letters it is only a character.
const MARKED = /([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/uy;
const WORD_ENDING = /[\p{L}\p{N}]$/u;
const QUOTED_LINE = /^(?:&gt;|>) ?/;

function decoded(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function styled(element: Inline, style: Style): Inline {
  return Object.keys(style).length === 0 ? element : ({ ...element, style } as Inline);
}

/** What stands between < and >: a mention, a date or a link; null when it is none of these. */
function special(content: string, style: Style): Inline | null {
  const bar = content.indexOf("|");
  const target = bar === -1 ? content : content.slice(0, bar);
  const label = bar === -1 ? null : decoded(content.slice(bar + 1));
  const date = /^!date\^(\d+)\^([^^]+)/.exec(target);
  if (date !== null)
    return styled({ type: "date", timestamp: Number(date[1]), format: date[2] ?? "", fallback: label ?? "" }, style);
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { type: "user", user_id: target.slice(1) };
  if (/^#C[A-Z0-9]+$/.test(target)) return { type: "channel", channel_id: target.slice(1) };
  if (target.startsWith("!subteam^")) return { type: "usergroup", usergroup_id: target.slice("!subteam^".length) };
  if (/^!(here|channel|everyone)$/.test(target)) return { type: "broadcast", range: target.slice(1) };
  if (/^(https?:\/\/|mailto:|tel:)/.test(target)) {
    const url = decoded(target);
    return styled({ type: "link", url, text: label ?? url.replace(/^(mailto|tel):/, "") }, style);
  }
  return null;
}

function inlineAt(text: string, at: number, style: Style): { elements: Inline[]; length: number } | null {
  const code = match(CODE, text, at);
  if (code !== null)
    return { elements: [{ type: "text", text: decoded(code[1] ?? ""), style: { ...style, code: true } }], length: code[0].length };
  const angled = match(ANGLED, text, at);
  const meant = angled === null ? null : special(angled[1] ?? "", style);
  if (angled !== null && meant !== null) return { elements: [meant], length: angled[0].length };
  const emoji = match(EMOJI, text, at);
  if (emoji !== null) return { elements: [{ type: "emoji", name: emoji[1] ?? "" }], length: emoji[0].length };
  if (WORD_ENDING.test(text.slice(Math.max(0, at - 2), at))) return null;
  const link = match(BARE_LINK, text, at);
  if (link !== null) {
    const url = decoded(link[0]);
    return { elements: [styled({ type: "link", url, text: url }, style)], length: link[0].length };
  }
  const marked = match(MARKED, text, at);
  if (marked === null) return null;
  const inner = { ...style, ...STYLES[marked[1] ?? ""] };
  return { elements: inline(marked[2] ?? "", inner), length: marked[0].length };
}

function inline(text: string, style: Style): Inline[] {
  const elements: Inline[] = [];
  let plainFrom = 0;
  const flush = (to: number) => {
    if (to > plainFrom) elements.push(styled({ type: "text", text: decoded(text.slice(plainFrom, to)) }, style));
  };
  for (let at = 0; at < text.length; ) {
    const found = inlineAt(text, at, style);
    if (found === null) {
      at += 1;
      continue;
    }
    flush(at);
    elements.push(...found.elements);
    at += found.length;
    plainFrom = at;
  }
  flush(text.length);
  return elements;
}

/** Lines outside of code fences: runs of quoted lines, and the rest. */
function paragraphs(text: string): Part[] {
  const parts: Part[] = [];
  let lines: string[] = [];
  let quoted = false;
  const flush = () => {
    const elements = inline(lines.join("\n"), {});
    lines = [];
    if (elements.length === 0) return;
    parts.push(quoted ? { type: "rich_text_quote", elements } : { type: "rich_text_section", elements });
  };
  for (const line of text.split("\n")) {
    const isQuoted = QUOTED_LINE.test(line);
    if (isQuoted !== quoted) flush();
    quoted = isQuoted;
    lines.push(isQuoted ? line.replace(QUOTED_LINE, "") : line);
  }
  flush();
  return parts;
}

/** Text of a `mrkdwn` object, or of a message without blocks. */
export function parseMrkdwn(text: string): Part[] {
  return text.split(/```\n?([\s\S]*?)\n?```\n?/).flatMap((piece, index): Part[] => {
    if (index % 2 === 0) return paragraphs(piece);
    return piece === "" ? [] : [{ type: "rich_text_preformatted", elements: [{ type: "text", text: decoded(piece) }] }];
  });
}

/** Text of a `plain_text` object: nothing is parsed but, unless switched off, emoji. */
export function parsePlain(text: string, emoji: boolean): Part[] {
  const pieces = emoji ? text.split(/:([\p{L}\p{N}_+'-]+):/u) : [text];
  const elements = pieces.flatMap((piece, index): Inline[] => {
    if (index % 2 === 1) return [{ type: "emoji", name: piece }];
    return piece === "" ? [] : [{ type: "text", text: piece }];
  });
  return [{ type: "rich_text_section", elements }];
}

/** A message's text as a screen reader should say it. */
export function spoken(text: string, people: { id: string; name: string }[]): string {
  const words = parseMrkdwn(text).flatMap((part) =>
    part.elements.map((element) => {
      if (element.type === "text" || element.type === "link") return element.text;
      if (element.type === "emoji") return element.name.replaceAll("_", " ");
      if (element.type === "date") return moment(element.timestamp, element.format) ?? element.fallback;
      if (element.type === "user") return people.find(({ id }) => id === element.user_id)?.name ?? "";
      return element.type === "broadcast" ? `@${element.range}` : "";
    }),
  );
  return words.join("");
}
