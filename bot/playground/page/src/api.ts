// The HTTP calls of the page and the stream of states. Knows nothing of how either is shown.
import { useEffect, useState } from "react";
import type { ChannelState, Place, Reply, Value, Values, Workspace } from "./protocol";

const OUT_OF_REACH = "The playground isn’t responding. Is it still running?";
const STREAM_RETRY_MS = 2000;

export async function fetchWorkspace(): Promise<Workspace> {
  const response = await fetch("/api/workspace");
  if (!response.ok) throw new Error(`The workspace could not be loaded (HTTP ${response.status}).`);
  return (await response.json()) as Workspace;
}

async function post(path: string, body: object): Promise<Reply> {
  try {
    const response = await fetch(path, {
      method: "POST",
      // The header is what other web pages cannot send, so they cannot drive the playground.
      headers: { "Content-Type": "application/json", "X-Playground": "1" },
      body: JSON.stringify(body),
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") === true;
    if (isJson) return (await response.json()) as Reply;
    return { ok: false, error: `That didn’t work: ${await response.text()} (HTTP ${response.status}).` };
  } catch {
    return { ok: false, error: OUT_OF_REACH };
  }
}

/** All a person can do, in their name. Each returns what went wrong as words, and never throws. */
export function actingAs(as: string) {
  return {
    say: (text: string, threadTs: string | null) =>
      post("/api/say", threadTs === null ? { as, text } : { as, text, thread_ts: threadTs }),
    press: (place: Place, blockId: string, actionId: string, value?: Value, values?: Values) =>
      post("/api/action", { as, ...place, block_id: blockId, action_id: actionId, value, values }),
    shortcut: (callbackId: string, ts?: string) => post("/api/shortcut", { as, callback_id: callbackId, ts }),
    openHome: () => post("/api/home", { as }),
    submit: (viewId: string, values: Values) => post("/api/submit", { as, view_id: viewId, values }),
    call: (answered: boolean) => post("/api/call", { as, answered }),
    ask: (text: string) => post("/api/slackbot/ask", { as, text }),
    pressSlackbot: (place: Place, blockId: string, actionId: string, value?: Value) =>
      post("/api/slackbot/press", { as, ...place, block_id: blockId, action_id: actionId, value }),
    close: (viewId: string) => post("/api/close", { as, view_id: viewId }),
  };
}

export type Acting = ReturnType<typeof actingAs>;

export interface Stream {
  /** What this person sees; null until the first state is there. */
  state: ChannelState | null;
  connected: boolean;
}

const CONNECTING: Stream = { state: null, connected: true };

/** The channel as this person sees it, kept up to date; reconnects by itself. */
export function useStream(as: string): Stream {
  const [stream, setStream] = useState<Stream & { of: string | null }>({ of: null, ...CONNECTING });
  useEffect(() => {
    let source: EventSource;
    let retry: number | undefined;
    const connect = () => {
      source = new EventSource(`/api/stream?as=${encodeURIComponent(as)}`);
      source.onmessage = (event) =>
        setStream({ of: as, state: JSON.parse(event.data as string) as ChannelState, connected: true });
      source.onerror = () => {
        setStream((before) => ({ of: as, state: before.of === as ? before.state : null, connected: false }));
        // A browser retries a broken connection, but gives up for good on an answer that is not a stream.
        if (source.readyState === EventSource.CLOSED) retry = window.setTimeout(connect, STREAM_RETRY_MS);
      };
    };
    connect();
    return () => {
      window.clearTimeout(retry);
      source.close();
    };
  }, [as]);
  // What the person before saw is not for this one, not even for a moment.
  return stream.of === as ? stream : CONNECTING;
}
