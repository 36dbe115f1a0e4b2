// What one person sees and does: the channel with its thread, the app's Home, Slackbot, and the modals over them.
import { useEffect, useMemo, useRef, useState } from "react";
import { Announcements } from "./announcements";
import { actingAs, useStream } from "./api";
import { PressContext, usePresses } from "./button";
import { Composer } from "./composer";
import { HomeView } from "./home";
import { CloseIcon } from "./icons";
import { IncomingLine, useIncoming } from "./incoming";
import type { MessageActions } from "./message";
import { channelMessages, Messages } from "./messages";
import { ModalView } from "./modal";
import { NextLine, useNext } from "./next";
import type { ChannelState, Reply, Workspace } from "./protocol";
import { RendererSetting } from "./renderer";
import { TryRow } from "./samples";
import { Side } from "./side";
import { SlackbotView } from "./slackbot";
import { type Tab, tabId, Tabs } from "./tabs";
import type { Theme } from "./theme";
import { Thread } from "./thread";
import { Welcome } from "./welcome";

const NOTHING_YET: ChannelState = { messages: [], unread: [], modals: [], home: null, slackbot: [] };

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

export function Channel({ workspace, as, choose, theme, reconnected }: ChannelProps) {
  const { app, channel, people } = workspace;
  const slackbot = workspace.slackbot ?? null;
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
  const [chosenTab, setTab] = useState<Tab>("messages");
  const box = useRef<HTMLTextAreaElement>(null);

  const failed = (reply: Reply) => setNotice(reply.ok ? null : (reply.error ?? "That didn’t work."));
  const presses = usePresses(acting.press, state, failed);
  const next = useNext(workspace);
  const incoming = useIncoming(workspace, as, acting, state, failed);
  const seen = state ?? NOTHING_YET;
  const visible = seen.messages.filter(
    ({ ts, ephemeral }) => !dismissed.has(`${as} ${ts}`) && !(ephemeral && ts < workspace.loaded),
  );
  const shown = channelMessages(visible);
  const fill = (text: string) => {
    setDraft(text);
    box.current?.focus();
  };
  const say = async (text: string) => {
    const reply = await acting.say(text, null);
    if (reply.ok) next.sent(as, text);
    return reply;
  };
  const send = (text: string) => {
    box.current?.focus(); // what was pressed may be gone once this is sent
    void say(text).then(failed);
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
  const tabs: Tab[] = slackbot === null ? ["messages", "home"] : ["messages", "home", "slackbot"];
  const tab = tabs.includes(chosenTab) ? chosenTab : "messages";
  const title = { messages: channel.name, home: app.name, slackbot: slackbot?.name }[tab];
  const threadIsThere = tab === "messages" && threadTs !== null && seen.messages.some((message) => message.ts === threadTs);
  const notices = (
    <>
      {notice === null ? null : <Notice words={notice} close={() => setNotice(null)} />}
      <IncomingLine incoming={incoming} />
    </>
  );
  const closeThread = () => {
    setThreadTs(null);
    box.current?.focus();
  };
  return (
    <RendererSetting workspace={workspace} scheme={theme.scheme}>
      <PressContext value={presses}>
        <div className={`app ${threadIsThere ? "with-thread" : ""}`}>
          <Side workspace={workspace} as={as} choose={choose} theme={theme} unread={seen.unread} />
          <main className="channel">
            <header className="bar">
              <h1>
                {tab === "messages" ? <span aria-hidden="true"># </span> : null}
                {title}
              </h1>
              <Tabs tabs={tabs} tab={tab} choose={setTab} />
              {connected ? null : (
                <span className="reconnecting" role="status" data-testid="reconnecting">
                  Reconnecting…
                </span>
              )}
            </header>
            <div id="tab-panel" className="panel" role="tabpanel" aria-labelledby={tabId(tab)}>
              {tab === "home" ? (
                <>
                  <HomeView home={seen.home} acting={acting} workspace={workspace} failed={failed} />
                  <div className="dock">{notices}</div>
                </>
              ) : tab === "slackbot" && slackbot !== null ? (
                <SlackbotView key={as} workspace={workspace} slackbot={slackbot} state={seen} as={as} acting={acting} failed={failed} />
              ) : (
                <>
                  <Messages
                    shown={shown}
                    all={visible}
                    people={people}
                    actions={actions}
                    label="Messages"
                    intro={
                      state === null ? null : (
                        <Welcome workspace={workspace} empty={shown.length === 0} fill={fill} send={send} />
                      )
                    }
                  />
                  <div className="dock">
                    {notices}
                    {next.person === null ? null : (
                      <NextLine workspace={workspace} person={next.person} as={as} choose={choose} send={send} />
                    )}
                    <TryRow workspace={workspace} as={as} fill={fill} incoming={incoming} />
                    <Composer
                      workspace={workspace}
                      as={as}
                      draft={draft}
                      setDraft={setDraft}
                      send={say}
                      box={box}
                      placeholder={`Message #${channel.name}, or type ${app.command}`}
                      testId="composer"
                      shortcuts={shortcuts}
                    />
                  </div>
                </>
              )}
            </div>
          </main>
          {threadIsThere ? (
            <Thread workspace={workspace} as={as} threadTs={threadTs} all={visible} actions={actions} say={acting.say} close={closeThread} />
          ) : null}
          {seen.modals
            .filter((modal) => modal.opened > workspace.loaded)
            .map((modal) => (
              <ModalView key={modal.view_id} modal={modal} acting={acting} />
            ))}
          <Announcements key={as} messages={state === null ? null : visible} people={people} />
        </div>
      </PressContext>
    </RendererSetting>
  );
}
