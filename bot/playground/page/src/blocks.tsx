// Block Kit on this page. What is only looked at goes to the renderer; what is pressed or typed into is built here,
// since the renderer shows buttons and inputs but tells nobody of a press or of what was typed.
import { createContext, type ReactNode, useContext, useEffect, useRef } from "react";
import { BlockButton } from "./button";
import { InputBlock } from "./input";
import type { Block, Button, Place, TextObject } from "./protocol";
import { Guarded, Rendered, RichText, Text } from "./renderer";

const PlaceContext = createContext<Place | null>(null);

function PlacedButton({ block, button }: { block: Block; button: Button }) {
  const place = useContext(PlaceContext);
  return place === null ? null : <BlockButton place={place} blockId={block.block_id ?? ""} button={button} />;
}

interface Picture {
  type: "image";
  image_url: string;
  alt_text: string;
}

function Section({ block }: { block: Block }) {
  const text = block.text as TextObject | undefined;
  const fields = (block.fields as TextObject[] | undefined) ?? [];
  const accessory = block.accessory as Button | Picture | undefined;
  return (
    <div className="bk-section">
      <div className="bk-section-text">
        {text === undefined ? null : <Text text={text} />}
        {fields.length === 0 ? null : (
          <div className="bk-fields">
            {fields.map((field, index) => (
              <Text key={index} text={field} />
            ))}
          </div>
        )}
      </div>
      {accessory?.type === "button" ? <PlacedButton block={block} button={accessory} /> : null}
      {accessory?.type === "image" ? <img className="bk-thumb" src={accessory.image_url} alt={accessory.alt_text} /> : null}
    </div>
  );
}

function Context({ block }: { block: Block }) {
  const elements = block.elements as (TextObject | Picture)[];
  return (
    <div className="bk-context">
      {elements.map((element, index) =>
        element.type === "image" ? (
          <img key={index} src={element.image_url} alt={element.alt_text} />
        ) : (
          <Text key={index} text={element} />
        ),
      )}
    </div>
  );
}

function Actions({ block }: { block: Block }) {
  const elements = block.elements as (Button | { type: "other" })[];
  const buttons = elements.filter((element) => element.type === "button");
  return (
    <div className="bk-actions">
      {buttons.map((button) => (
        <PlacedButton key={button.action_id} block={block} button={button} />
      ))}
    </div>
  );
}

interface Cell {
  type: "raw_text" | "raw_number" | "rich_text";
  text?: string;
  value?: number;
}

/** A cell as rich text: the renderer would parse `raw_text`, which Slack shows as it is, and fail on numbers. */
function asRichText(cell: Cell): object {
  if (cell.type === "rich_text") return cell;
  const text = cell.text ?? String(cell.value ?? "");
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

function Table({ block }: { block: Block }) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = (block.rows as Cell[][]).map((row) => row.map(asRichText));
  useEffect(() => {
    // The first row is the header (Slack's rule for tables), but the renderer makes it of ordinary cells.
    for (const cell of frame.current?.querySelectorAll("tr:first-child > td") ?? []) cell.setAttribute("role", "columnheader");
  });
  return (
    // Focusable, since a table that is wider than the screen scrolls inside itself.
    <div ref={frame} className="bk-table" tabIndex={0} role="group" aria-label="Table">
      <Rendered block={{ ...block, rows }} />
    </div>
  );
}

function Header({ block }: { block: Block }) {
  return (
    <div className="bk-header" role="heading" aria-level={2}>
      <Text text={block.text as TextObject} />
    </div>
  );
}

function BlockView({ block }: { block: Block }): ReactNode {
  switch (block.type) {
    case "section":
      return <Section block={block} />;
    case "context":
      return <Context block={block} />;
    case "actions":
      return <Actions block={block} />;
    case "table":
      return <Table block={block} />;
    case "header":
      return <Header block={block} />;
    case "input":
      return <InputBlock block={block} />;
    default:
      return <Rendered block={block} />;
  }
}

/** The blocks of a message or a modal; `instead` is shown for one that can't be. */
export function Blocks({ blocks, place }: { blocks: Block[]; place: Place }) {
  return (
    <PlaceContext value={place}>
      <div className="bk">
        {blocks.map((block, index) => (
          <Guarded
            key={block.block_id ?? index}
            instead={<RichText parts={[{ type: "rich_text_section", elements: [{ type: "text", text: `(This ${block.type} block can't be shown.)` }] }]} />}
          >
            <BlockView block={block} />
          </Guarded>
        ))}
      </div>
    </PlaceContext>
  );
}
