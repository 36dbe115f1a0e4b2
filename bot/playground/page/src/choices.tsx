// What can be chosen from in a block: a list, radio buttons, checkboxes. Made of the browser's own, so that keys and
// screen readers find what they know. Keeps no value.
import type { ReactNode } from "react";
import type { Option } from "./protocol";
import { Text } from "./renderer";

/** What the element that takes the focus is given. */
export interface Field {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
  "aria-required": boolean;
  "data-testid": string;
}

interface SelectProps {
  field: Field;
  options: { value: string; name: string }[];
  placeholder: string;
  value: string;
  change: (value: string) => void;
}

export function Select({ field, options, placeholder, value, change }: SelectProps) {
  return (
    <select {...field} value={value} onChange={(event) => change(event.target.value)}>
      {field["aria-required"] && value !== "" ? null : <option value="">{placeholder}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  );
}

function OptionLabel({ option, children }: { option: Option; children: ReactNode }) {
  return (
    <label>
      {children}
      <span>
        <Text text={option.text} />
        {option.description === undefined ? null : (
          <span className="muted">
            <Text text={option.description} />
          </span>
        )}
      </span>
    </label>
  );
}

interface SetProps<Chosen> {
  field: Field;
  /** The id of what names the set, or its name. */
  labelledBy?: string;
  label?: string;
  options: Option[];
  value: Chosen;
  change: (value: Chosen) => void;
}

export function Radios({ field, labelledBy, label, options, value, change }: SetProps<string>) {
  const { id, ...about } = field;
  return (
    <div role="radiogroup" className="bk-options" aria-labelledby={labelledBy} aria-label={label} {...about}>
      {options.map((option) => (
        <OptionLabel key={option.value} option={option}>
          <input
            type="radio"
            name={id}
            value={option.value}
            checked={option.value === value}
            onChange={() => change(option.value)}
          />
        </OptionLabel>
      ))}
    </div>
  );
}

export function Checkboxes({ field, labelledBy, label, options, value, change }: SetProps<string[]>) {
  const { "aria-describedby": describedBy, "data-testid": testId } = field;
  return (
    <div role="group" className="bk-options" aria-labelledby={labelledBy} aria-label={label} aria-describedby={describedBy} data-testid={testId}>
      {options.map((option) => (
        <OptionLabel key={option.value} option={option}>
          <input
            type="checkbox"
            value={option.value}
            checked={value.includes(option.value)}
            onChange={(event) =>
              // In the order of the options, as Slack sends them
              change(
                options
                  .map((each) => each.value)
                  .filter((each) => (each === option.value ? event.target.checked : value.includes(each))),
              )
            }
          />
        </OptionLabel>
      ))}
    </div>
  );
}
