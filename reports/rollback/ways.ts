import { z } from "zod";
import type { Column, Loss, Row, ServiceTold } from "../../backends/docker/migrations/answers.ts";
import type { Removed } from "../../backends/docker/migrations/losses.ts";

/** What leads a service back to an older release. */
export type Way =
  /** Its database has had no migration that the older release does not know. */
  | { readonly kind: "image" }
  /** The newer release takes these migrations back, which it was seen to do on an empty database. */
  | { readonly kind: "down"; readonly migrations: readonly string[]; readonly losses: readonly Loss[] }
  /** Nothing but the dump from before the upgrade. */
  | { readonly kind: "dump"; readonly migrations: readonly string[]; readonly why: string };

/** Migrations that a database has had, and the older release does not know. */
export function unknownTo(asked: ServiceTold): string[] {
  const known = new Set(asked.versions("knows"));
  return asked.versions("applied").filter((one) => !known.has(one));
}

const nameOf = ({ table, column }: Column) => `${table}.${column}`;
const shapeOf = (one: Column) => `${nameOf(one)} ${one.type} ${one.isNullable}`;

/** Why the newer release's way down does not lead back to what the older one knows; undefined where it does. */
export function wrongWayDown(asked: ServiceTold, rehearsed: ServiceTold): string | undefined {
  const newer = new Set(rehearsed.versions("newer"));
  const strange = unknownTo(asked).find((one) => !newer.has(one));
  if (strange !== undefined) return `it does not know ${strange} itself`;
  if (rehearsed.isDown !== true) return "it has no migrate sql down";
  const known = new Set(asked.versions("knows"));
  if (rehearsed.versions("after").some((one) => !known.has(one)))
    return "its migrate sql down takes them not back";
  const before = new Set(asked.columns("older").map(shapeOf));
  const after = rehearsed.columns("after-column").map(shapeOf);
  const other = after.find((shape) => !before.has(shape));
  if (other !== undefined || after.length !== before.size) {
    return `its migrate sql down leaves other tables than the older release makes${other === undefined ? "" : `: ${other.split(" ")[0]}`}`;
  }
  return undefined;
}

const values = z.record(z.string(), z.unknown());

/** What the way down removes from the tenant's own database; undefined where that is nothing that people have written to. */
export function removedBy(rehearsed: ServiceTold): Removed | undefined {
  const columns = removedColumns(rehearsed);
  const rows = removedRows(rehearsed);
  return columns.length + rows.length === 0 ? undefined : { columns, rows };
}

/** Rows of tables that stay. One that has lost a column, or got one, is the same still. */
function removedRows(rehearsed: ServiceTold): Row[] {
  const after = new Set(rehearsed.columns("after-column").map(nameOf));
  const stay = rehearsed.columns("before").filter((one) => after.has(nameOf(one)));
  const textOf = ({ table, values: written }: Row) => {
    const all = values.parse(JSON.parse(written));
    const here = stay.filter((one) => one.table === table).map(({ column }) => column);
    return JSON.stringify([table, ...here.map((column) => all[column])]);
  };
  const left = new Set(rehearsed.rows("row-after").map(textOf));
  const tables = new Set(rehearsed.columns("after-column").map(({ table }) => table));
  return rehearsed.rows("row-before").filter((row) => tables.has(row.table) && !left.has(textOf(row)));
}

/** Columns of the tenant's own database. */
function removedColumns(rehearsed: ServiceTold): Column[] {
  const after = new Set(rehearsed.columns("after-column").map(nameOf));
  const removed = new Set(
    rehearsed
      .columns("before")
      .map(nameOf)
      .filter((name) => !after.has(name)),
  );
  return rehearsed.columns("real").filter((one) => removed.has(nameOf(one)));
}

/** `hydra_client.note (3 rows)` */
export const lossWords = ({ table, column, rows }: Loss) =>
  `${table}.${column} (${rows === 1 ? "1 row" : `${rows} rows`})`;

export const migrationsWords = (all: readonly string[]) =>
  all.length === 1 ? "1 migration" : `${all.length} migrations`;
