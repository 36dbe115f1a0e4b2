// What the composer offers while a command is being typed.
import type { Person, Sample, Workspace } from "./protocol";

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

function subcommands(typed: string, workspace: Workspace, person: Person | undefined): Suggestion[] {
  const { app, commands } = workspace;
  return commands
    .filter(({ text, admins_only }) => text.toLowerCase().startsWith(typed) && (!admins_only || person?.admin === true))
    .filter(({ text }) => text.toLowerCase() !== typed)
    .map(({ text, about }) => ({ fills: `${app.command} ${text}`, title: `${app.command} ${text}`, detail: about }));
}

export function suggest(text: string, workspace: Workspace, person: Person | undefined): Suggestions {
  const { command, usage_hint } = workspace.app;
  if (text.startsWith("/") && command.startsWith(text))
    return { options: [{ fills: `${command} `, title: command, detail: usage_hint }], eager: true };
  if (!text.startsWith(`${command} `)) return NOTHING;
  const typed = text.slice(command.length).trim().toLowerCase();
  const { samples, commands } = workspace;
  if (samples.some((sample) => sample.session_id.toLowerCase() === typed)) return NOTHING;
  const words = subcommands(typed, workspace, person);
  const byId = samples.filter((sample) => sample.session_id.toLowerCase().includes(typed));
  const byWords = samples.filter(
    (sample) => !byId.includes(sample) && `${sample.title} ${sample.about}`.toLowerCase().includes(typed),
  );
  const calls = [...byId, ...byWords].map((sample) => ({
    fills: callOf(command, sample),
    title: sample.title,
    detail: `${sample.about} · ${sample.session_id}`,
  }));
  const complete = typed === "" || commands.some((each) => each.text.toLowerCase() === typed);
  return { options: [...words, ...calls], eager: !complete && words.length + byId.length > 0 };
}
