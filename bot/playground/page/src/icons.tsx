// The few pictures of the page, drawn here. All are decoration: the words beside them say the same.

function Icon({ path }: { path: string }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export const EyeIcon = () => (
  <Icon path="M1.8 10S4.8 4.6 10 4.6 18.2 10 18.2 10 15.2 15.4 10 15.4 1.8 10 1.8 10ZM10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z" />
);
export const MailIcon = () => <Icon path="M2.8 4.8h14.4v10.4H2.8V4.8ZM3.2 5.4 10 10.8l6.8-5.4" />;
export const MoreIcon = () => <Icon path="M10 4.5v.01M10 10v.01M10 15.5v.01" />;
export const SlashIcon = () => <Icon path="M5.5 2.8h9a2.7 2.7 0 0 1 2.7 2.7v9a2.7 2.7 0 0 1-2.7 2.7h-9a2.7 2.7 0 0 1-2.7-2.7v-9a2.7 2.7 0 0 1 2.7-2.7ZM12 6.4l-4 7.2" />;
export const PhoneIcon = () => (
  <Icon path="M6.2 3.2 8 6.9 6.3 8.6c.8 2.1 3 4.3 5.1 5.1l1.7-1.7 3.7 1.8v2.4c0 .7-.6 1.1-1.2 1C9 16.500 3.500 11 2.800 4.400c-.1-.6.4-1.2 1-1.200h2.400Z" />
);
export const CloseIcon = () => <Icon path="M5 5l10 10M15 5L5 15" />;
export const SendIcon = () => <Icon path="M3.4 16.6 17 10 3.4 3.4l1.8 6.6-1.8 6.6ZM5.4 10H10" />;
export const ShieldIcon = () => <Icon path="M10 2.6 4 5v4.6c0 3.6 2.5 6.3 6 7.8 3.5-1.5 6-4.2 6-7.8V5l-6-2.4ZM7.4 9.9l1.9 1.9 3.4-3.6" />;
export const ChevronIcon = () => <Icon path="M5.5 8 10 12.5 14.5 8" />;
export const ReplyIcon = () => <Icon path="M4 4.5h12v8.2H9.4L5.8 16v-3.3H4V4.5Z" />;

/** The bot's picture: three people's time in a call. */
export function AppMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" fill="#0b6e69" />
      <g fill="#fff">
        <rect x="6" y="9" width="14" height="3.4" rx="1.7" />
        <rect x="10" y="14.3" width="16" height="3.4" rx="1.7" />
        <rect x="6" y="19.6" width="9" height="3.4" rx="1.7" />
      </g>
    </svg>
  );
}

const PERSON_COLOURS = ["#8a3b12", "#1d4ed8", "#7a2e8e", "#9a1750", "#3f6212", "#155e75"];

export function Avatar({ name, kind, index }: { name: string; kind: "person" | "callinfo" | "other"; index: number }) {
  if (kind === "callinfo") return <span className="avatar"><AppMark /></span>;
  const colour = kind === "other" ? "#4a4f57" : PERSON_COLOURS[Math.max(index, 0) % PERSON_COLOURS.length];
  return (
    <span className="avatar" style={{ backgroundColor: colour }} aria-hidden="true">
      {name.slice(0, 1)}
    </span>
  );
}
