// The side of the page: whose it is, who you are, and how it looks.
import { AppMark, ShieldIcon } from "./icons";
import { PeopleSwitch } from "./people";
import type { Workspace } from "./protocol";
import { type Theme, ThemeSwitch } from "./theme";

interface SideProps {
  workspace: Workspace;
  as: string;
  choose: (id: string) => void;
  theme: Theme;
  /** The ids of those who have a message that they have not seen. */
  unread: string[];
}

export function Side({ workspace, as, choose, theme, unread }: SideProps) {
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
      {current === undefined ? null : <PeopleSwitch people={workspace.people} current={current} unread={unread} choose={choose} />}
      <p className="local">
        <ShieldIcon /> Playground: nothing leaves this machine
      </p>
      <ThemeSwitch theme={theme} />
    </aside>
  );
}
