import { visible } from "../../fleet/visible.ts";

/** Text for a page, whatever its author has put into it. */
export function escaped(text: string): string {
  return visible(text).replace(
    /[&<>"']/g,
    (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[character] ?? "",
  );
}

export interface HtmlColumn<Row> {
  readonly head: string;
  readonly of: (row: Row) => string;
  readonly isNumber?: boolean;
}

/** A table whose cells know their heads, so that a phone can show rows as cards. */
export function htmlTable<Row>(
  caption: string,
  columns: readonly HtmlColumn<Row>[],
  rows: readonly Row[],
): string {
  const kind = ({ isNumber }: HtmlColumn<Row>) => (isNumber ? ' class="number"' : "");
  const cell = (column: HtmlColumn<Row>, index: number, row: Row) => {
    const text = escaped(column.of(row));
    return index === 0
      ? `<th scope="row">${text}</th>`
      : `<td${kind(column)} data-head="${escaped(column.head)}">${text}</td>`;
  };
  return [
    `<table><caption>${escaped(caption)}</caption>`,
    `<thead><tr>${columns.map((column) => `<th scope="col"${kind(column)}>${escaped(column.head)}</th>`).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map((row) => `<tr>${columns.map((column, index) => cell(column, index, row)).join("")}</tr>`),
    "</tbody></table>",
  ].join("\n");
}

/** A list of texts; none where there are none. */
export const htmlList = (lines: readonly string[], kind: string): string =>
  lines.length === 0
    ? ""
    : `<ul class="${kind}">${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`;
