// The tables of Block Kit: `table`, and `data_table`, which shows its rows in pages.
import { useId, useState } from "react";
import type { Block } from "./protocol";
import { Rendered } from "./renderer";

interface Cell {
  type: "raw_text" | "raw_number" | "rich_text";
  text?: string;
  value?: number;
}

interface Column {
  align?: "left" | "center" | "right";
  is_wrapped?: boolean;
}

const PAGE_SIZE = 5; // Slack's own, where the block has none

function Content({ cell }: { cell: Cell }) {
  // Neither kind of raw cell parses anything
  return cell.type === "rich_text" ? <Rendered block={{ ...cell }} /> : <>{cell.text ?? String(cell.value ?? "")}</>;
}

interface RowsProps {
  header: Cell[];
  rows: Cell[][];
  columns: Column[];
  /** The column that names its row, if one does. */
  named?: number;
  caption?: string;
}

function Rows({ header, rows, columns, named, caption }: RowsProps) {
  const look = (index: number) => {
    const { align, is_wrapped } = columns[index] ?? {};
    return { className: is_wrapped === true ? "wrapped" : undefined, style: align === undefined ? undefined : { textAlign: align } };
  };
  return (
    <table>
      {caption === undefined ? null : <caption>{caption}</caption>}
      <thead>
        <tr>
          {header.map((cell, index) => (
            <th key={index} scope="col" {...look(index)}>
              <Content cell={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, number) => (
          <tr key={number}>
            {row.map((cell, index) =>
              index === named ? (
                <th key={index} scope="row" {...look(index)}>
                  <Content cell={cell} />
                </th>
              ) : (
                <td key={index} {...look(index)}>
                  <Content cell={cell} />
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Table({ block }: { block: Block }) {
  const [header = [], ...rows] = block.rows as Cell[][];
  const columns = ((block.column_settings as (Column | null)[] | undefined) ?? []).map((column) => column ?? {});
  return (
    // Focusable, since a table that is wider than the screen scrolls inside itself.
    <div className="bk-table" tabIndex={0} role="group" aria-label="Table">
      <Rows header={header} rows={rows} columns={columns} />
    </div>
  );
}

export function DataTable({ block }: { block: Block }) {
  const [header = [], ...rows] = block.rows as Cell[][];
  const size = (block.page_size as number | undefined) ?? PAGE_SIZE;
  const [page, setPage] = useState(0);
  const pages = Math.ceil(rows.length / size);
  const id = useId();
  return (
    <div className="bk-data-table">
      <div id={id} className="bk-table" tabIndex={0} role="group" aria-label={block.caption as string}>
        <Rows
          header={header}
          rows={rows.slice(page * size, (page + 1) * size)}
          columns={[]}
          named={(block.row_header_column_index as number | undefined) ?? 0}
          caption={block.caption as string}
        />
      </div>
      {pages < 2 ? null : (
        <p className="bk-pages">
          <button type="button" className="link-button" aria-controls={id} disabled={page === 0} onClick={() => setPage(page - 1)}>
            Previous
          </button>
          <span role="status">
            Page {page + 1} of {pages}
          </span>
          <button type="button" className="link-button" aria-controls={id} disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            Next
          </button>
        </p>
      )}
    </div>
  );
}
