// The box one writes in. Completes the command and the sample calls; sends on Enter. The draft belongs to the page,
// since the sample buttons fill it in as well.
import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useState } from "react";
import { SlashIcon, SendIcon } from "./icons";
import { Menu, type MenuItem } from "./menu";
import type { Reply, Workspace } from "./protocol";
import { type Suggestion, suggest } from "./suggestions";

interface ComposerProps {
  workspace: Workspace;
  as: string;
  draft: string;
  setDraft: (draft: string) => void;
  send: (text: string) => Promise<Reply>;
  box: RefObject<HTMLTextAreaElement | null>;
  placeholder: string;
  testId: string;
  /** What the menu beside the box offers; null where there is none. */
  shortcuts: MenuItem[] | null;
}

interface OptionsProps {
  options: Suggestion[];
  active: number;
  id: string;
  choose: (option: Suggestion) => void;
  /** What the box does with keys and the focus. */
  handlers: { onKeyDown: (event: KeyboardEvent) => void; onFocus: () => void; onBlur: (event: FocusEvent) => void };
}

function Options({ options, active, id, choose, handlers }: OptionsProps) {
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    // Focusable, so that it can be scrolled without a mouse; the keys do in it what they do in the box.
    <div
      id={id}
      className="suggestions"
      role="listbox"
      tabIndex={0}
      aria-label="Suggestions"
      aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
      {...handlers}
    >
      {options.map((option, index) => (
        <div
          key={option.fills}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          data-testid="suggestion"
          // The box keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(option)}
        >
          <strong>{option.title}</strong>
          <span>{option.detail}</span>
        </div>
      ))}
    </div>
  );
}

/** The open list of suggestions, which one is active, and what the keys do to it. */
function useSuggestions(draft: string, workspace: Workspace, as: string, choose: (option: Suggestion) => void) {
  const { options, eager } = suggest(
    draft,
    workspace,
    workspace.people.find(({ id }) => id === as),
  );
  const first = eager ? 0 : -1;
  const [moved, setMoved] = useState<{ draft: string; active: number } | null>(null);
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const open = options.length > 0 && closedFor !== draft;
  const active = moved?.draft === draft ? moved.active : first;
  const move = (to: number) => setMoved({ draft, active: (to + options.length) % options.length });
  /** Whether the key was meant for the list. */
  const takeKey = (key: string): boolean => {
    if (!open) return false;
    const chosen = options[active];
    if (key === "ArrowDown") move(active + 1);
    else if (key === "ArrowUp") move(active === -1 ? options.length - 1 : active - 1);
    else if (key === "Escape") setClosedFor(draft);
    else if ((key === "Enter" || key === "Tab") && chosen !== undefined) choose(chosen);
    else return false;
    return true;
  };
  return { options, open, active, takeKey, close: () => setClosedFor(draft) };
}

export function Composer({ workspace, as, draft, setDraft, send, box, placeholder, testId, shortcuts }: ComposerProps) {
  const id = useId();
  const [failure, setFailure] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const choose = (option: Suggestion) => {
    setDraft(option.fills);
    box.current?.focus();
  };
  const { options, open, active, takeKey } = useSuggestions(draft, workspace, as, choose);
  const listed = open && focused;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [box, draft]);

  const submit = async () => {
    const text = draft.trim();
    if (text === "") return;
    setDraft("");
    setFailure(null);
    const reply = await send(text);
    if (reply.ok) return;
    setFailure(reply.error ?? "That didn’t work.");
    if (box.current?.value === "") setDraft(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.shiftKey) return;
    if (listed && takeKey(event.key)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter") {
      event.preventDefault();
      void submit();
    }
  };
  const handlers = {
    onKeyDown,
    onFocus: () => setFocused(true),
    // From the box to the list and back, it stays open
    onBlur: ({ relatedTarget }: FocusEvent) => setFocused(relatedTarget !== null && [id, box.current?.id].includes(relatedTarget.id)),
  };
  return (
    <div className="composer">
      <p className="sr-only" role="status">
        {listed ? `${options.length} suggestions, choose with the arrow keys` : ""}
      </p>
      {failure === null ? null : (
        <p className="error" role="alert" data-testid="composer-error">
          {failure}
        </p>
      )}
      <div className="box">
        {shortcuts === null ? null : (
          <Menu items={shortcuts} label="Shortcuts" buttonLabel="Shortcuts" testId="shortcuts" icon={<SlashIcon />} />
        )}
        {listed ? <Options options={options} active={active} id={id} choose={choose} handlers={handlers} /> : null}
        <textarea
          ref={box}
          id={`${id}-box`}
          rows={1}
          value={draft}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-autocomplete="list"
          aria-controls={listed ? id : undefined}
          aria-activedescendant={listed && active >= 0 ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={4000}
          data-testid={testId}
          onChange={(event) => {
            setFailure(null);
            setDraft(event.target.value);
          }}
          {...handlers}
        />
        <button
          type="button"
          className="send"
          aria-label="Send"
          data-testid={testId === "composer" ? "send" : `${testId}-send`}
          disabled={draft.trim() === ""}
          onClick={() => {
            box.current?.focus();
            void submit();
          }}
        >
          <SendIcon />
        </button>
      </div>
    </div>
  );
}
