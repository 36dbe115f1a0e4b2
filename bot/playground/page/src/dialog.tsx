// The browser's own modal dialog: it keeps the focus inside and gives it back. And Slack's confirm dialog made of it.
import { type KeyboardEvent, type ReactNode, useEffectEvent, useId, useLayoutEffect, useRef } from "react";
import { CloseIcon } from "./icons";
import type { Confirm } from "./protocol";
import { Text } from "./renderer";

/** After a click in a dialog, Chromium gives the focus back to a text without its caret, so that typing does nothing. */
function putCaretBack() {
  const { activeElement } = document;
  if (activeElement instanceof HTMLTextAreaElement) activeElement.setSelectionRange(activeElement.selectionStart, activeElement.selectionEnd);
}

interface DialogProps {
  title: ReactNode;
  className: string;
  testId: string;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, className, testId, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const focusFirst = useEffectEvent((element: HTMLDialogElement) => {
    element.querySelector<HTMLElement>("[data-autofocus], input, select, textarea")?.focus();
  });
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    element.showModal();
    focusFirst(element);
    // Closing before it leaves the document is what gives the focus back to where it was.
    return () => {
      element.close();
      requestAnimationFrame(putCaretBack);
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      data-testid={testId}
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  confirm: Confirm;
  onConfirm: () => void;
  onDeny: () => void;
}

export function ConfirmDialog({ confirm, onConfirm, onDeny }: ConfirmProps) {
  return (
    <Dialog title={<Text text={confirm.title} />} className="confirm" testId="confirm" onClose={onDeny}>
      <div className="dialog-body" tabIndex={0} role="group" aria-label="Question">
        <Text text={confirm.text} />
      </div>
      <footer>
        <button type="button" className="bk-button plain" data-testid="confirm-deny" onClick={onDeny}>
          <Text text={confirm.deny} />
        </button>
        <button
          type="button"
          className={`bk-button ${confirm.style ?? "primary"}`}
          data-testid="confirm-go"
          data-autofocus
          onClick={onConfirm}
        >
          <Text text={confirm.confirm} />
        </button>
      </footer>
    </Dialog>
  );
}
