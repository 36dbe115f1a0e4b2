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

export function dayOf(ts: string): string {
  const day = date(ts).toDateString();
  const now = new Date();
  if (day === now.toDateString()) return "Today";
  now.setDate(now.getDate() - 1);
  if (day === now.toDateString()) return "Yesterday";
  return date(ts).toLocaleDateString(undefined, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
}
