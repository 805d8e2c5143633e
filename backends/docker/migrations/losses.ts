import type { VersionedService } from "../../../fleet/model.ts";
import type { Column, Row } from "./answers.ts";

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** What of a tenant's own data a way down removes. */
export interface Removed {
  readonly columns: readonly Column[];
  /** Rows that the program itself had made, and takes back. What hangs on one may go with it (`ON DELETE CASCADE`). */
  readonly rows: readonly Row[];
}

/** Questions how many rows have something in a column beside what every new row has. */
const columnQuery = (service: VersionedService, { table, column, usual }: Column): string => {
  // A sequence would go on by being asked.
  const isFixed = usual !== "" && !/nextval\(/i.test(usual);
  const differs = isFixed ? `IS DISTINCT FROM (${usual})` : "IS NOT NULL";
  return `SELECT concat_ws(E'\\t', 'loss=${service}', ${literal(table)}, ${literal(column)}, count(*)) FROM public.${identifier(table)} WHERE ${identifier(column)} ${differs};`;
};

/**
 * Questions how many rows of other tables go together with one that the program takes back: a way to sign in, for example, with
 * what people have set up of it. Its key may be another one in each database, so the row is known by all else.
 */
const rowQuery = (service: VersionedService, { table, values }: Row): string =>
  `SELECT format('SELECT concat_ws(E''\\t'', %L, %L, %L, count(*)) FROM %s child JOIN %s parent ON child.%I = parent.%I WHERE to_jsonb(parent) @> %L::jsonb', 'loss=${service}', child.relname, own.attname, con.conrelid::regclass, con.confrelid::regclass, own.attname, key.attname, ${literal(values)}::jsonb - key.attname::text) FROM pg_constraint con JOIN pg_class child ON child.oid = con.conrelid JOIN pg_attribute own ON own.attrelid = con.conrelid AND own.attnum = con.conkey[1] JOIN pg_attribute key ON key.attrelid = con.confrelid AND key.attnum = con.confkey[1] WHERE con.contype = 'f' AND con.confdeltype = 'c' AND con.confrelid = 'public.${identifier(table).replaceAll("'", "''")}'::regclass AND cardinality(con.conkey) = 1 \\gexec`;

/** Statements for psql that count what is lost. */
export const lossQueries = (service: VersionedService, { columns, rows }: Removed): string[] => [
  ...columns.map((one) => columnQuery(service, one)),
  ...rows.map((one) => rowQuery(service, one)),
];
