import { visible } from "../fleet/visible.ts";

/** A column of a table for terminals. */
export interface Column<Row> {
  readonly head: string;
  readonly of: (row: Row) => string;
  readonly align?: "right";
  /** Left out first where the terminal is narrow: the highest number goes first; 0 stays. */
  readonly rank: number;
}

const gap = "  ";

/** Rows under heads, as wide as the terminal allows. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const filled = columns.map((column) => ({
    column,
    cells: rows.map((row) => visible(column.of(row)).replaceAll("\n", " ")),
  }));
  const measured = filled.map(({ column, cells }) => ({
    column,
    cells,
    width: Math.max(column.head.length, ...cells.map((cell) => cell.length)),
  }));
  const shown = fitting(measured, width);
  const line = (cell: (one: (typeof measured)[number]) => string) =>
    shown
      .map((one) =>
        one.column.align === "right" ? cell(one).padStart(one.width) : cell(one).padEnd(one.width),
      )
      .join(gap)
      .trimEnd();
  return [
    line(({ column }) => column.head),
    ...rows.map((_, index) => line(({ cells }) => cells[index] ?? "")),
  ];
}

function fitting<One extends { readonly width: number; readonly column: { readonly rank: number } }>(
  columns: readonly One[],
  width: number,
): readonly One[] {
  const needed = columns.reduce((sum, one) => sum + one.width, gap.length * (columns.length - 1));
  const last = Math.max(...columns.map(({ column }) => column.rank));
  if (needed <= width || last === 0) return columns;
  return fitting(
    columns.filter(({ column }) => column.rank !== last),
    width,
  );
}

/** Words in lines of `width`, the first behind `lead`, the others below it. */
export function wrapped(lead: string, text: string, width: number): string[] {
  const room = Math.max(20, width - lead.length);
  const lines: string[] = [];
  let line = "";
  for (const word of visible(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((part, index) => (index === 0 ? lead : " ".repeat(lead.length)) + part);
}
