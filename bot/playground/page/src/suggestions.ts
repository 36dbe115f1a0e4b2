// What the composer offers while a command is being typed.
import type { Sample, Workspace } from "./protocol";

export interface Suggestion {
  /** What the composer holds once this is chosen. */
  fills: string;
  title: string;
  detail: string;
}

export interface Suggestions {
  options: Suggestion[];
  /** Whether Enter chooses the first at once. Not so where it could be meant to send what is written. */
  eager: boolean;
}

const NOTHING: Suggestions = { options: [], eager: false };

export function callOf(command: string, sample: Sample): string {
  return `${command} ${sample.session_id}`;
}

export function suggest(text: string, workspace: Workspace): Suggestions {
  const { command, usage_hint } = workspace.app;
  if (text.startsWith("/") && command.startsWith(text))
    return { options: [{ fills: `${command} `, title: command, detail: usage_hint }], eager: true };
  if (!text.startsWith(`${command} `)) return NOTHING;
  const typed = text.slice(command.length).trim().toLowerCase();
  const { samples } = workspace;
  if (samples.some((sample) => sample.session_id.toLowerCase() === typed)) return NOTHING;
  const byId = samples.filter((sample) => sample.session_id.toLowerCase().includes(typed));
  const byWords = samples.filter(
    (sample) => !byId.includes(sample) && `${sample.title} ${sample.about}`.toLowerCase().includes(typed),
  );
  const options = [...byId, ...byWords].map((sample) => ({
    fills: callOf(command, sample),
    title: sample.title,
    detail: `${sample.about} · ${sample.session_id}`,
  }));
  return { options, eager: byId.length > 0 };
}
