// An input block, as modals have it: a text, one or several of some options, a day, a conversation. Keeps no value: the
// modal's form does.
import { createContext, type KeyboardEvent, type ReactNode, useContext, useId } from "react";
import { Checkboxes, type Field, Radios, Select } from "./choices";
import type { Block, Conversation, Input, TextInput, TextObject, Value } from "./protocol";
import { Text } from "./renderer";

export interface Form {
  valueOf: (blockId: string, input: Input) => Value;
  change: (blockId: string, actionId: string, value: Value) => void;
  /** Tells the bot at once, for inputs that it wants to hear of. */
  dispatch: (blockId: string, actionId: string, value: Value) => void;
  errors: Record<string, string>;
  conversations: Conversation[];
}

export const FormContext = createContext<Form | null>(null);

function TextField({ input, field, value, change }: { input: TextInput; field: Field; value: string; change: (value: string) => void }) {
  const props = {
    ...field,
    value,
    placeholder: input.placeholder?.text,
    maxLength: input.max_length,
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => change(event.target.value),
  };
  return input.multiline === true ? <textarea rows={4} {...props} /> : <input type="text" {...props} />;
}

interface FieldProps {
  input: Input;
  field: Field;
  labelId: string;
  value: Value;
  change: (value: Value) => void;
  conversations: Conversation[];
}

function InputField({ input, field, labelId, value, change, conversations }: FieldProps): ReactNode {
  const text = typeof value === "string" ? value : "";
  switch (input.type) {
    case "plain_text_input":
      return <TextField input={input} field={field} value={text} change={change} />;
    case "radio_buttons":
      return <Radios field={field} labelledBy={labelId} options={input.options} value={text} change={change} />;
    case "checkboxes":
      return (
        <Checkboxes
          field={field}
          labelledBy={labelId}
          options={input.options}
          value={typeof value === "string" ? [] : value}
          change={change}
        />
      );
    case "static_select": {
      const options = input.options.map((option) => ({ value: option.value, name: option.text.text }));
      const placeholder = input.placeholder?.text ?? "Choose an option";
      return <Select field={field} options={options} placeholder={placeholder} value={text} change={change} />;
    }
    case "datepicker":
      return <input type="date" {...field} value={text} onChange={(event) => change(event.target.value)} />;
    case "conversations_select": {
      const direct = input.filter?.include?.includes("im") ?? true;
      const options = conversations.filter(({ id }) => direct || !id.startsWith("D")).map(({ id, name }) => ({ value: id, name }));
      const placeholder = input.placeholder?.text ?? "Choose a conversation";
      return <Select field={field} options={options} placeholder={placeholder} value={text} change={change} />;
    }
    default:
      return <p>(This input can’t be shown here.)</p>;
  }
}

const SETS = ["radio_buttons", "checkboxes"];

export function InputBlock({ block }: { block: Block }) {
  const form = useContext(FormContext);
  const id = useId();
  const input = block.element as Input;
  const hint = block.hint as TextObject | undefined;
  if (form === null) return <p>(This {input.type} can’t be shown here.)</p>;
  const blockId = block.block_id ?? "";
  const error = form.errors[blockId];
  const dispatches = block.dispatch_action === true;
  const isText = input.type === "plain_text_input";
  const change = (value: Value) => {
    form.change(blockId, input.action_id, value);
    if (dispatches && !isText) form.dispatch(blockId, input.action_id, value);
  };
  // Of a text, the bot hears at Enter, which then does not hand the form in
  const onKeyDown = (event: KeyboardEvent) => {
    if (!dispatches || !isText || event.key !== "Enter") return;
    event.preventDefault();
    form.dispatch(blockId, input.action_id, form.valueOf(blockId, input));
  };
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  const field: Field = {
    id,
    "aria-invalid": error !== undefined,
    "aria-describedby": described === "" ? undefined : described,
    "aria-required": block.optional !== true,
    "data-testid": `input-${blockId}`,
  };
  return (
    <div className="bk-input" onKeyDown={onKeyDown}>
      <label id={`${id}-label`} htmlFor={SETS.includes(input.type) ? undefined : id}>
        <Text text={block.label as TextObject} />
        {block.optional === true ? <span className="muted"> (optional)</span> : null}
      </label>
      <InputField
        input={input}
        field={field}
        labelId={`${id}-label`}
        value={form.valueOf(blockId, input)}
        change={change}
        conversations={form.conversations}
      />
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
