// A thread beside the channel; over it on a phone.
import { useEffect, useRef, useState } from "react";
import { Composer } from "./composer";
import { CloseIcon } from "./icons";
import type { MessageActions } from "./message";
import { Messages, threadMessages } from "./messages";
import type { Message, Reply, Workspace } from "./protocol";

interface ThreadProps {
  workspace: Workspace;
  as: string;
  threadTs: string;
  all: Message[];
  actions: MessageActions;
  say: (text: string, threadTs: string) => Promise<Reply>;
  close: () => void;
}

export function Thread({ workspace, as, threadTs, all, actions, say, close }: ThreadProps) {
  const [draft, setDraft] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), [threadTs]);
  return (
    <aside
      className="thread"
      data-testid="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <header className="bar">
        <h2>Thread</h2>
        <span className="muted">#{workspace.channel.name}</span>
        <button type="button" className="icon-button" aria-label="Close thread" data-testid="close-thread" onClick={close}>
          <CloseIcon />
        </button>
      </header>
      <Messages
        shown={threadMessages(all, threadTs)}
        all={all}
        people={workspace.people}
        actions={{ ...actions, openThread: null }}
        label="Messages of the thread"
        intro={null}
      />
      <div className="dock">
        <Composer
          workspace={workspace}
          as={as}
          draft={draft}
          setDraft={setDraft}
          send={(text) => say(text, threadTs)}
          box={box}
          placeholder="Reply…"
          testId="thread-composer"
          shortcuts={null}
        />
      </div>
    </aside>
  );
}
