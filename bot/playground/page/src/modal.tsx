// A modal of the bot: shows the view, keeps what is typed into it while the bot updates it, and hands it in.
import { type FormEvent, useEffect, useState } from "react";
import type { Acting } from "./api";
import { Blocks } from "./blocks";
import { Dialog } from "./dialog";
import { FormContext } from "./input";
import type { Block, Input, Modal, Value, Values } from "./protocol";

function inputsOf(blocks: Block[]): { blockId: string; input: Input }[] {
  return blocks
    .filter((block) => block.type === "input")
    .map((block) => ({ blockId: block.block_id ?? "", input: block.element as Input }));
}

/** What an input holds before anybody has touched it. */
function initial(input: Input, modal: Modal): Value {
  switch (input.type) {
    case "checkboxes":
      return (input.initial_options ?? []).map(({ value }) => value);
    case "plain_text_input":
      return input.initial_value ?? "";
    case "datepicker":
      return input.initial_date ?? "";
    case "conversations_select": {
      const current = input.default_to_current_conversation === true ? modal.conversation : null;
      return current ?? input.initial_conversation ?? "";
    }
    default:
      return input.initial_option?.value ?? "";
  }
}

export function ModalView({ modal, acting }: { modal: Modal; acting: Acting }) {
  const [typed, setTyped] = useState<Values>({});
  const [refused, setRefused] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);

  // What was typed goes with its block
  useEffect(() => {
    const there = new Set(inputsOf(modal.blocks).map(({ blockId }) => blockId));
    setTyped((before) => Object.fromEntries(Object.entries(before).filter(([blockId]) => there.has(blockId))));
  }, [modal.blocks]);

  const valueOf = (blockId: string, input: Input) => typed[blockId]?.[input.action_id] ?? initial(input, modal);
  const change = (blockId: string, actionId: string, value: Value) =>
    setTyped((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: value } }));

  const valuesOf = (): Values =>
    Object.fromEntries(
      inputsOf(modal.blocks).map(({ blockId, input }) => [blockId, { [input.action_id]: valueOf(blockId, input) }]),
    );
  const dispatch = (blockId: string, actionId: string, value: Value) => {
    const values = { ...valuesOf(), [blockId]: { [actionId]: value } };
    void acting.press({ view_id: modal.view_id }, blockId, actionId, value, values).then((reply) => {
      if (!reply.ok) setFailure(reply.error ?? "That didn’t work.");
    });
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (sending || modal.submit === null) return;
    setSending(true);
    setFailure(null);
    const reply = await acting.submit(modal.view_id, valuesOf());
    setSending(false);
    setRefused(reply.errors ?? {});
    if (!reply.ok && reply.errors === undefined) setFailure(reply.error ?? "That didn’t work.");
  };
  const close = () => void acting.close(modal.view_id);

  return (
    <Dialog title={modal.title} className="modal" testId="modal" onClose={close}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {/* Announced when the bot fills or changes an open view. Focusable, so that the arrow keys scroll it. */}
        <div className="dialog-body" tabIndex={0} role="group" aria-label={modal.title} aria-live="polite" aria-atomic="false">
          <FormContext value={{ valueOf, change, dispatch, errors: { ...modal.errors, ...refused }, conversations: modal.conversations }}>
            <Blocks blocks={modal.blocks} place={{ view_id: modal.view_id }} />
          </FormContext>
          {failure === null ? null : (
            <p className="error" role="alert">
              {failure}
            </p>
          )}
        </div>
        <footer>
          <button type="button" className="bk-button plain" data-testid="modal-close" onClick={close}>
            {modal.close ?? "Close"}
          </button>
          {modal.submit === null ? null : (
            <button type="submit" className="bk-button primary" data-testid="modal-submit" aria-busy={sending}>
              {modal.submit}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
