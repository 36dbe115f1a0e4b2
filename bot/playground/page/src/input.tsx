// An input block with a text field, as modals have it. Keeps no value: the modal's form does.
import { createContext, useContext, useId } from "react";
import type { Block, TextInput, TextObject } from "./protocol";
import { Text } from "./renderer";

export interface Form {
  valueOf: (blockId: string, input: TextInput) => string;
  change: (blockId: string, actionId: string, value: string) => void;
  errors: Record<string, string>;
}

export const FormContext = createContext<Form | null>(null);

export function InputBlock({ block }: { block: Block }) {
  const form = useContext(FormContext);
  const id = useId();
  const input = block.element as TextInput;
  const hint = block.hint as TextObject | undefined;
  if (form === null || input.type !== "plain_text_input") return <p>(This {input.type} can’t be shown here.)</p>;
  const blockId = block.block_id ?? "";
  const error = form.errors[blockId];
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  const field = {
    id,
    value: form.valueOf(blockId, input),
    placeholder: input.placeholder?.text,
    maxLength: input.max_length,
    autoComplete: "off",
    spellCheck: false,
    "aria-invalid": error !== undefined,
    "aria-describedby": described === "" ? undefined : described,
    "aria-required": block.optional !== true,
    "data-testid": `input-${blockId}`,
    onChange: (event: { target: { value: string } }) => form.change(blockId, input.action_id, event.target.value),
  };
  return (
    <div className="bk-input">
      <label htmlFor={id}>
        <Text text={block.label as TextObject} />
        {block.optional === true ? <span className="muted"> (optional)</span> : null}
      </label>
      {input.multiline === true ? <textarea rows={4} {...field} /> : <input type="text" {...field} />}
      {error === undefined ? null : (
        <p className="error" id={`${id}-error`} role="alert" data-testid={`error-${blockId}`}>
          {error}
        </p>
      )}
      {hint === undefined ? null : (
        <div className="muted" id={`${id}-hint`}>
          <Text text={hint} />
        </div>
      )}
    </div>
  );
}
