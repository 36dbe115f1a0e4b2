// Serves the renderer's `markdown` block only, which callinfo does not send: its text is shown as it is.
import type { ReactNode } from "react";

export default function PlainMarkdown({ children }: { children: ReactNode }) {
  return <div className="plain">{children}</div>;
}
