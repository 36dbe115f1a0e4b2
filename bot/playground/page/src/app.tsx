// The page as a whole: who you are, what they see, and what they do.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Announcements } from "./announcements";
import { type Acting, actingAs, fetchWorkspace, useStream } from "./api";
import { type Presses, PressContext, pressKey } from "./button";
import { Composer } from "./composer";
import { HomeView } from "./home";
import { AppMark, CloseIcon, ShieldIcon } from "./icons";
import type { MessageActions } from "./message";
import { channelMessages, Messages } from "./messages";
import { ModalView } from "./modal";
import { PeopleSwitch } from "./people";
import type { ChannelState, Reply, Workspace } from "./protocol";
import { RendererSetting } from "./renderer";
import { TryRow, Welcome } from "./samples";
import { type Tab, tabId, Tabs } from "./tabs";
import { type Theme, ThemeSwitch, useTheme } from "./theme";
import { Thread } from "./thread";

const BUSY_AT_MOST_MS = 3000;
const NOTHING_YET: ChannelState = { messages: [], modals: [], home: null };

/** Presses, and the button that looks busy: until the channel changes, or Slack's three seconds have passed. */
function usePresses(acting: Acting, state: ChannelState | null, failed: (reply: Reply) => void): Presses {
  const [busy, setBusy] = useState<string | null>(null);
  useEffect(() => setBusy(null), [state]);
  useEffect(() => {
    if (busy === null) return;
    const timer = window.setTimeout(() => setBusy(null), BUSY_AT_MOST_MS);
    return () => window.clearTimeout(timer);
  }, [busy]);
  return {
    busy,
    press: (place, blockId, button) => {
      setBusy(pressKey(place, blockId, button.action_id));
      void acting.press(place, blockId, button.action_id, button.value).then(failed);
    },
  };
}

function Side({ workspace, as, choose, theme }: { workspace: Workspace; as: string; choose: (id: string) => void; theme: Theme }) {
  const current = workspace.people.find((person) => person.id === as);
  return (
    <aside className="side" aria-label="Workspace">
      <div className="brand">
        <span className="avatar"><AppMark /></span>
        <div>
          <strong>{workspace.app.name}</strong>
          <span>{workspace.team.name}</span>
        </div>
      </div>
      {current === undefined ? null : <PeopleSwitch people={workspace.people} current={current} choose={choose} />}
      <p className="local">
        <ShieldIcon /> Playground: nothing leaves this machine
      </p>
      <ThemeSwitch theme={theme} />
    </aside>
  );
}

function Notice({ words, close }: { words: string; close: () => void }) {
  return (
    <p className="notice error" role="alert" data-testid="notice">
      {words}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={close}>
        <CloseIcon />
      </button>
    </p>
  );
}

interface ChannelProps {
  workspace: Workspace;
  as: string;
  choose: (id: string) => void;
  theme: Theme;
  /** Called when a lost connection is back: the playground may be another one, with other sample calls. */
  reconnected: () => void;
}

function Channel({ workspace, as, choose, theme, reconnected }: ChannelProps) {
  const { state, connected } = useStream(as);
  const wasConnected = useRef(connected);
  useEffect(() => {
    if (connected && !wasConnected.current) reconnected();
    wasConnected.current = connected;
  }, [connected, reconnected]);
  const acting = useMemo(() => actingAs(as), [as]);
  const [draft, setDraft] = useState("");
  const [threadTs, setThreadTs] = useState<string | null>(null);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const [notice, setNotice] = useState<string | null>(null);
  const [tab, setTab] = useState<Tab>("messages");
  const box = useRef<HTMLTextAreaElement>(null);

  const failed = (reply: Reply) => setNotice(reply.ok ? null : (reply.error ?? "That didn’t work."));
  const presses = usePresses(acting, state, failed);
  const { messages: all, modals, home } = state ?? NOTHING_YET;
  const visible = all.filter((message) => !dismissed.has(`${as} ${message.ts}`));
  const shown = channelMessages(visible);
  const fill = (text: string) => {
    setDraft(text);
    box.current?.focus();
  };
  const actions: MessageActions = {
    shortcuts: workspace.shortcuts,
    shortcut: (callbackId, ts) => void acting.shortcut(callbackId, ts).then(failed),
    dismiss: (ts) => setDismissed((before) => new Set(before).add(`${as} ${ts}`)),
    openThread: setThreadTs,
  };
  const shortcuts = workspace.global_shortcuts.map(({ callback_id, name }) => ({
    label: name,
    testId: `shortcut-${callback_id}`,
    choose: () => void acting.shortcut(callback_id).then(failed),
  }));
  const threadIsThere = tab === "messages" && threadTs !== null && all.some((message) => message.ts === threadTs);
  const notices = notice === null ? null : <Notice words={notice} close={() => setNotice(null)} />;
  const closeThread = () => {
    setThreadTs(null);
    box.current?.focus();
  };
  return (
    <RendererSetting workspace={workspace} scheme={theme.scheme}>
      <PressContext value={presses}>
        <div className={`app ${threadIsThere ? "with-thread" : ""}`}>
          <Side workspace={workspace} as={as} choose={choose} theme={theme} />
          <main className="channel">
            <header className="bar">
              <h1>
                {tab === "home" ? null : <span aria-hidden="true"># </span>}
                {tab === "home" ? workspace.app.name : workspace.channel.name}
              </h1>
              <Tabs tab={tab} choose={setTab} />
              {connected ? null : (
                <span className="reconnecting" role="status" data-testid="reconnecting">
                  Reconnecting…
                </span>
              )}
            </header>
            <div id="tab-panel" className="panel" role="tabpanel" aria-labelledby={tabId(tab)}>
              {tab === "home" ? (
                <>
                  <HomeView home={home} acting={acting} workspace={workspace} failed={failed} />
                  <div className="dock">{notices}</div>
                </>
              ) : (
                <>
                  <Messages
                    shown={shown}
                    all={visible}
                    people={workspace.people}
                    actions={actions}
                    label="Messages"
                    intro={state === null ? null : <Welcome workspace={workspace} empty={shown.length === 0} fill={fill} />}
                  />
                  <div className="dock">
                    {notices}
                    <TryRow workspace={workspace} fill={fill} />
                    <Composer
                      workspace={workspace}
                      draft={draft}
                      setDraft={setDraft}
                      send={(text) => acting.say(text, null)}
                      box={box}
                      placeholder={`Message #${workspace.channel.name}, or type ${workspace.app.command}`}
                      testId="composer"
                      shortcuts={shortcuts}
                    />
                  </div>
                </>
              )}
            </div>
          </main>
          {threadIsThere ? (
            <Thread workspace={workspace} threadTs={threadTs} all={visible} actions={actions} say={acting.say} close={closeThread} />
          ) : null}
          {modals.map((modal) => (
            <ModalView key={modal.view_id} modal={modal} acting={acting} />
          ))}
          <Announcements key={as} messages={state?.messages ?? null} people={workspace.people} />
        </div>
      </PressContext>
    </RendererSetting>
  );
}

/** The person in the address (`?as=U0STEVE`), so that two windows can be two people. */
function personInAddress(workspace: Workspace): string {
  const asked = new URLSearchParams(location.search).get("as");
  const person = workspace.people.find(({ id }) => id === asked) ?? workspace.people[0];
  return person?.id ?? "";
}

export function App() {
  const theme = useTheme();
  const [workspace, setWorkspace] = useState<Workspace | null>(null);
  const [as, setAs] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const load = useCallback(() => {
    fetchWorkspace()
      .then((loaded) => {
        setAs(personInAddress(loaded));
        setWorkspace(loaded);
      })
      .catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)));
  }, []);
  useEffect(load, [load]);
  if (workspace === null || as === null) return <p className="loading" role="status">{failure ?? "Loading…"}</p>;
  const choose = (id: string) => {
    setAs(id);
    history.replaceState(null, "", `?as=${id}`);
  };
  return <Channel workspace={workspace} as={as} choose={choose} theme={theme} reconnected={load} />;
}
