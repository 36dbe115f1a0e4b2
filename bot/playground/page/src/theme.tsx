// Light, dark, or what the system says; remembered in this browser.
import { useEffect, useState } from "react";

export type Choice = "system" | "light" | "dark";
export type Scheme = "light" | "dark";

const STORED_AS = "callinfo-theme";
const CHOICES: readonly { choice: Choice; label: string }[] = [
  { choice: "system", label: "Auto" },
  { choice: "light", label: "Light" },
  { choice: "dark", label: "Dark" },
];

function storedChoice(): Choice {
  const stored = localStorage.getItem(STORED_AS);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export interface Theme {
  choice: Choice;
  scheme: Scheme;
  choose: (choice: Choice) => void;
}

export function useTheme(): Theme {
  const [choice, setChoice] = useState(storedChoice);
  const [systemDark, setSystemDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setSystemDark(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  const scheme: Scheme = choice === "system" ? (systemDark ? "dark" : "light") : choice;
  useEffect(() => {
    document.documentElement.dataset.theme = scheme;
    localStorage.setItem(STORED_AS, choice);
  }, [choice, scheme]);
  return { choice, scheme, choose: setChoice };
}

export function ThemeSwitch({ theme }: { theme: Theme }) {
  return (
    <fieldset className="theme">
      <legend className="sr-only">Colours</legend>
      {CHOICES.map(({ choice, label }) => (
        <label key={choice} data-testid={`theme-${choice}`}>
          <input
            type="radio"
            name="theme"
            className="sr-only"
            checked={theme.choice === choice}
            onChange={() => theme.choose(choice)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
