// Slack's timestamps ("1763812800.000100": Unix seconds, then a counter) as people read them, in their zone.

export function seconds(ts: string): number {
  return Number(ts.split(".")[0]);
}

function date(ts: string): Date {
  return new Date(seconds(ts) * 1000);
}

export function shortTime(ts: string): string {
  return date(ts).toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
}

export function fullTime(ts: string): { iso: string; words: string } {
  return { iso: date(ts).toISOString(), words: date(ts).toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" }) };
}

/** "Today" or "Yesterday", or null for every other day. */
function near(day: Date): string | null {
  const now = new Date();
  if (day.toDateString() === now.toDateString()) return "Today";
  now.setDate(now.getDate() - 1);
  return day.toDateString() === now.toDateString() ? "Yesterday" : null;
}

export function dayOf(ts: string): string {
  const day = date(ts);
  return near(day) ?? day.toLocaleDateString(undefined, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
}

const LENGTHS: Record<string, Intl.DateTimeFormatOptions> = {
  "": { month: "long", day: "numeric", year: "numeric" },
  _num: { month: "2-digit", day: "2-digit", year: "numeric" },
  _slash: { month: "2-digit", day: "2-digit", year: "numeric" },
  _short: { month: "short", day: "numeric", year: "numeric" },
  _long: { weekday: "long", month: "long", day: "numeric", year: "numeric" },
};

/**
 * A moment (in Unix seconds) by one of Slack's formats, such as "{date_short_pretty} at {time}", in the reader's zone;
 * null where the format has a word that is not among those of docs.slack.dev/messaging/formatting-message-text.
 */
export function moment(at: number, format: string): string | null {
  const when = new Date(at * 1000);
  if (Number.isNaN(when.getTime())) return null;
  let known = true;
  const words = format.replace(/\{(\w+)\}/g, (_, token: string) => {
    if (token === "time") return when.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
    if (token === "time_secs") return when.toLocaleTimeString(undefined, { timeStyle: "medium" });
    const [, length = "", pretty] = /^date(_(?:num|slash|short|long))?(_pretty)?$/.exec(token) ?? [];
    known &&= token.startsWith("date") && length in LENGTHS;
    return (pretty === undefined ? null : near(when)) ?? when.toLocaleDateString(undefined, LENGTHS[length]);
  });
  return known ? words : null;
}
