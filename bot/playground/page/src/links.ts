// Where the links in cards lead.

const HERE = /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/|$)/i;

/** To the stand-ins as it is; otherwise to a page of the stand-in Slack that says what would be there. */
export function opens(url: string): string {
  return HERE.test(url) ? url : `/outside?to=${encodeURIComponent(url)}`;
}
