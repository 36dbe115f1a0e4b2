// The app's Home tab: what the bot has published for this person. Opening it is what the bot hears of.
import { useEffect } from "react";
import type { Acting } from "./api";
import { Blocks } from "./blocks";
import type { Home, Reply, Workspace } from "./protocol";

interface HomeProps {
  home: Home | null;
  acting: Acting;
  /** Another one when the playground was started anew: then the Home tab is opened anew, too. */
  workspace: Workspace;
  failed: (reply: Reply) => void;
}

export function HomeView({ home, acting, workspace, failed }: HomeProps) {
  useEffect(() => {
    void acting.openHome().then(failed);
    // `failed` is made anew at each look: no reason to open the tab again
  }, [acting, workspace]);
  return (
    // Focusable, so that the arrow keys scroll it.
    <div className="home" tabIndex={0} data-testid="home" data-view={home?.view_id}>
      {home === null ? (
        <p className="muted" role="status">
          {workspace.app.name} has put nothing here yet.
        </p>
      ) : (
        <Blocks blocks={home.blocks} place={{ view_id: home.view_id }} />
      )}
    </div>
  );
}
