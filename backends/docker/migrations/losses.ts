import type { VersionedService } from "../../../fleet/model.ts";
import type { Column } from "./answers.ts";

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Questions how many rows have something in a column beside what every new row has. */
export const lossQueries = (service: VersionedService, columns: readonly Column[]): string[] =>
  columns.map(({ table, column, usual }) => {
    // A sequence would go on by being asked.
    const isFixed = usual !== "" && !/nextval\(/i.test(usual);
    const differs = isFixed ? `IS DISTINCT FROM (${usual})` : "IS NOT NULL";
    return `SELECT concat_ws(E'\\t', 'loss=${service}', ${literal(table)}, ${literal(column)}, count(*)) FROM public.${identifier(table)} WHERE ${identifier(column)} ${differs};`;
  });
