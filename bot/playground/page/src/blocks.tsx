// Block Kit on this page. What is only looked at goes to the renderer; what is pressed or typed into is built here,
// since the renderer shows buttons and inputs but tells nobody of a press or of what was typed.
import { type ReactNode, useEffect, useRef } from "react";
import { type Element, ElementView, type Picture, PlaceContext } from "./elements";
import { InputBlock } from "./input";
import type { Block, Place, TextObject } from "./protocol";
import { Guarded, Rendered, RichText, Text } from "./renderer";
import { DataTable, Table } from "./table";

function Section({ block }: { block: Block }) {
  const text = block.text as TextObject | undefined;
  const fields = (block.fields as TextObject[] | undefined) ?? [];
  const accessory = block.accessory as Element | undefined;
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
      {accessory === undefined ? null : <ElementView block={block} element={accessory} />}
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

function Elements({ block, elements }: { block: Block; elements: Element[] }) {
  return (
    <div className="bk-actions">
      {elements.map((element, index) => (
        <ElementView key={element.type === "image" ? index : element.action_id} block={block} element={element} />
      ))}
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

/** The picture, the title and the line below it that a card and a container begin with. */
function Titled({ block }: { block: Block }) {
  const { icon, title, subtitle } = block as Block & { icon?: Picture; title?: TextObject; subtitle?: TextObject };
  return (
    <>
      {icon === undefined ? null : <img className="bk-icon" src={icon.image_url} alt={icon.alt_text} />}
      {title === undefined ? null : (
        <strong>
          <Text text={title} />
        </strong>
      )}
      {subtitle === undefined ? null : (
        <span className="muted">
          <Text text={subtitle} />
        </span>
      )}
    </>
  );
}

function Card({ block }: { block: Block }) {
  const { hero_image: hero, body, actions } = block as Block & { hero_image?: Picture; body?: TextObject; actions?: Element[] };
  return (
    <div className="bk-card">
      {hero === undefined ? null : <img className="bk-hero" src={hero.image_url} alt={hero.alt_text} />}
      <Titled block={block} />
      {body === undefined ? null : <Text text={body} />}
      {actions === undefined ? null : <Elements block={block} elements={actions} />}
    </div>
  );
}

function Container({ block }: { block: Block }) {
  const children = (
    <div className="bk">
      <BlockList blocks={block.child_blocks as Block[]} />
    </div>
  );
  if (block.is_collapsible !== true)
    return (
      <div className="bk-card">
        <Titled block={block} />
        {children}
      </div>
    );
  return (
    <details className="bk-card" open={block.default_collapsed !== true}>
      <summary>
        <Titled block={block} />
      </summary>
      {children}
    </details>
  );
}

function BlockView({ block }: { block: Block }): ReactNode {
  switch (block.type) {
    case "section":
      return <Section block={block} />;
    case "context":
      return <Context block={block} />;
    case "actions":
      return <Elements block={block} elements={block.elements as Element[]} />;
    case "table":
      return <Table block={block} />;
    case "data_table":
      return <DataTable block={block} />;
    case "card":
      return <Card block={block} />;
    case "carousel":
      return (
        <div className="bk-carousel" tabIndex={0} role="group" aria-label="Cards">
          <BlockList blocks={block.elements as Block[]} />
        </div>
      );
    case "container":
      return <Container block={block} />;
    case "alert":
      return (
        <div className={`bk-alert ${(block.level as string | undefined) ?? "default"}`} role="note">
          <Text text={block.text as TextObject} />
        </div>
      );
    case "header":
      return <Header block={block} />;
    case "input":
      return <InputBlock block={block} />;
    default:
      return <Rendered block={block} />;
  }
}

function BlockList({ blocks }: { blocks: Block[] }) {
  return blocks.map((block, index) => (
    <Guarded
      key={block.block_id ?? index}
      instead={<RichText parts={[{ type: "rich_text_section", elements: [{ type: "text", text: `(This ${block.type} block can't be shown.)` }] }]} />}
    >
      <BlockView block={block} />
    </Guarded>
  ));
}

/** The blocks of a message or a modal; `instead` is shown for one that can't be. */
export function Blocks({ blocks, place }: { blocks: Block[]; place: Place }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A picture made of text scrolls inside itself: by keyboard as well, which the renderer does not think of.
    for (const text of frame.current?.querySelectorAll("pre") ?? []) text.tabIndex = 0;
  });
  return (
    <PlaceContext value={place}>
      <div ref={frame} className="bk">
        <BlockList blocks={blocks} />
      </div>
    </PlaceContext>
  );
}
