// An input block, as modals have it: a text, one of several options, a day, a conversation. Keeps no value: the modal's
// form does. What can be chosen from is the browser's own, so that keys and screen readers find what they know.
import { createContext, type ReactNode, useContext, useId } from "react";
import type { Block, Conversation, Input, OptionInput, TextInput, TextObject } from "./protocol";
import { Text } from "./renderer";

export interface Form {
  valueOf: (blockId: string, input: Input) => string;
  change: (blockId: string, actionId: string, value: string) => void;
  errors: Record<string, string>;
  conversations: Conversation[];
}

export const FormContext = createContext<Form | null>(null);

/** What every kind of field is given. */
interface Field {
  id: string;
  value: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
  "aria-required": boolean;
  "data-testid": string;
  onChange: (event: { target: { value: string } }) => void;
}

function TextField({ input, field }: { input: TextInput; field: Field }) {
  const about = { placeholder: input.placeholder?.text, maxLength: input.max_length, autoComplete: "off", spellCheck: false };
  return input.multiline === true ? <textarea rows={4} {...about} {...field} /> : <input type="text" {...about} {...field} />;
}

interface SelectProps {
  options: { value: string; name: string }[];
  placeholder: string;
  field: Field;
}

function Select({ options, placeholder, field }: SelectProps) {
  return (
    <select {...field}>
      {field["aria-required"] && field.value !== "" ? null : <option value="">{placeholder}</option>}
      {options.map(({ value, name }) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Radios({ input, field }: { input: OptionInput; field: Field }) {
  const { id, value: chosen, onChange, "data-testid": testId, ...about } = field;
  return (
    <div role="radiogroup" className="bk-radios" aria-labelledby={`${id}-label`} data-testid={testId} {...about}>
      {input.options.map(({ value, text, description }) => (
        <label key={value}>
          <input type="radio" name={id} value={value} checked={value === chosen} onChange={onChange} />
          <span>
            <Text text={text} />
            {description === undefined ? null : <span className="muted"><Text text={description} /></span>}
          </span>
        </label>
      ))}
    </div>
  );
}

function fieldOf(input: Input, field: Field, conversations: Conversation[]): ReactNode {
  switch (input.type) {
    case "plain_text_input":
      return <TextField input={input} field={field} />;
    case "radio_buttons":
      return <Radios input={input} field={field} />;
    case "static_select": {
      const options = input.options.map(({ value, text }) => ({ value, name: text.text }));
      return <Select options={options} placeholder={input.placeholder?.text ?? "Choose an option"} field={field} />;
    }
    case "datepicker":
      return <input type="date" {...field} />;
    case "conversations_select": {
      const options = conversations.map(({ id, name }) => ({ value: id, name }));
      return <Select options={options} placeholder={input.placeholder?.text ?? "Choose a conversation"} field={field} />;
    }
    default:
      return <p>(This input can’t be shown here.)</p>;
  }
}

export function InputBlock({ block }: { block: Block }) {
  const form = useContext(FormContext);
  const id = useId();
  const input = block.element as Input;
  const hint = block.hint as TextObject | undefined;
  if (form === null) return <p>(This {input.type} can’t be shown here.)</p>;
  const blockId = block.block_id ?? "";
  const error = form.errors[blockId];
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  const field: Field = {
    id,
    value: form.valueOf(blockId, input),
    "aria-invalid": error !== undefined,
    "aria-describedby": described === "" ? undefined : described,
    "aria-required": block.optional !== true,
    "data-testid": `input-${blockId}`,
    onChange: (event) => form.change(blockId, input.action_id, event.target.value),
  };
  return (
    <div className="bk-input">
      <label id={`${id}-label`} htmlFor={input.type === "radio_buttons" ? undefined : id}>
        <Text text={block.label as TextObject} />
        {block.optional === true ? <span className="muted"> (optional)</span> : null}
      </label>
      {fieldOf(input, field, form.conversations)}
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
