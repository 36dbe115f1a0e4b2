// What is pressed or chosen in a block outside of a form: the bot hears of it at once.
import { createContext, type ReactNode, useContext, useEffect, useId, useState } from "react";
import { BlockButton, PressContext } from "./button";
import { Checkboxes, type Field, Radios, Select } from "./choices";
import { useConfirm } from "./confirm";
import { MoreIcon } from "./icons";
import { Menu } from "./menu";
import type { Block, Button, CheckboxInput, Confirm, DateInput, OptionInput, Place, Value } from "./protocol";

/** Where the blocks are that are being shown. */
export const PlaceContext = createContext<Place | null>(null);

export interface Picture {
  type: "image";
  image_url: string;
  alt_text: string;
}

type Choice = (OptionInput | CheckboxInput | DateInput) & { confirm?: Confirm };
export type Element = Button | Picture | Choice;

function Overflow({ element, choose }: { element: OptionInput; choose: (value: string) => void }) {
  return (
    <span className="bk-overflow" data-action={element.action_id}>
      <Menu
        items={element.options.map(({ text, value }) => ({ label: text.text, testId: `option-${value}`, choose: () => choose(value) }))}
        label="More"
        buttonLabel="More"
        testId="overflow"
        icon={<MoreIcon />}
      />
    </span>
  );
}

function initial(element: Choice): Value {
  if (element.type === "checkboxes") return (element.initial_options ?? []).map(({ value }) => value);
  if (element.type === "datepicker") return element.initial_date ?? "";
  return element.initial_option?.value ?? "";
}

function Choose({ element, blockId, place }: { element: Choice; blockId: string; place: Place }): ReactNode {
  const { press } = useContext(PressContext);
  const [value, setValue] = useState<Value>(() => initial(element));
  const given = JSON.stringify(initial(element));
  // The bot changes what is chosen; the focus stays where it is
  useEffect(() => setValue(JSON.parse(given) as Value), [given]);
  const { ask, dialog } = useConfirm(element.confirm);
  const id = useId();
  const change = (chosen: Value) =>
    ask(() => {
      setValue(chosen);
      press(place, blockId, element.action_id, chosen);
    });
  const field: Field = {
    id,
    "aria-invalid": false,
    "aria-describedby": undefined,
    "aria-required": true,
    "data-testid": `choose-${element.action_id}`,
  };
  const text = typeof value === "string" ? value : "";
  const shown = () => {
    switch (element.type) {
      case "overflow":
        return <Overflow element={element} choose={change} />;
      case "checkboxes":
        return <Checkboxes field={field} label="Options" options={element.options} value={typeof value === "string" ? [] : value} change={change} />;
      case "radio_buttons":
        return <Radios field={field} label="Options" options={element.options} value={text} change={change} />;
      case "datepicker":
        return <input type="date" {...field} aria-label="Day" value={text} onChange={(event) => change(event.target.value)} />;
      default: {
        const options = element.options.map((option) => ({ value: option.value, name: option.text.text }));
        const placeholder = element.placeholder?.text ?? "Choose an option";
        return (
          <label className="bk-input">
            <span className="sr-only">{placeholder}</span>
            <Select field={field} options={options} placeholder={placeholder} value={text} change={change} />
          </label>
        );
      }
    }
  };
  return (
    <>
      {shown()}
      {dialog}
    </>
  );
}

export function ElementView({ block, element }: { block: Block; element: Element }) {
  const place = useContext(PlaceContext);
  const blockId = block.block_id ?? "";
  if (element.type === "image") return <img className="bk-thumb" src={element.image_url} alt={element.alt_text} />;
  if (place === null) return null;
  if (element.type === "button") return <BlockButton place={place} blockId={blockId} button={element} />;
  return <Choose element={element} blockId={blockId} place={place} />;
}
