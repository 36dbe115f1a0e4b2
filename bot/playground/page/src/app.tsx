// The page as a whole: which workspace it is in, and who you are.
import { useCallback, useEffect, useState } from "react";
import { fetchWorkspace } from "./api";
import { Channel } from "./channel";
import type { Workspace } from "./protocol";
import { useTheme } from "./theme";

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
        // A connection that was lost and found again is the same page
        setWorkspace((before) => ({ ...loaded, loaded: before?.loaded ?? loaded.loaded }));
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
