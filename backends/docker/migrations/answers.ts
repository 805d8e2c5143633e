import type { VersionedService } from "../../../fleet/model.ts";

/** A column of a table, as the database describes it. */
export interface Column {
  readonly table: string;
  readonly column: string;
  /** `character varying(255)` */
  readonly type: string;
  readonly isNullable: boolean;
  /** Its default as SQL; empty where it has none. */
  readonly usual: string;
}

/** A row of a table, as JSON. */
export interface Row {
  readonly table: string;
  readonly values: string;
}

/** Values in a column that a way down removes, or of rows that go with it. */
export interface Loss {
  readonly table: string;
  readonly column: string;
  readonly rows: number;
}

/** What a script has told of a service. */
export interface ServiceTold {
  readonly versions: (kind: "applied" | "knows" | "newer" | "after") => readonly string[];
  readonly columns: (kind: "older" | "real" | "before" | "after-column") => readonly Column[];
  /** Rows that an empty database has, made by the program itself, before and after its way down. */
  readonly rows: (kind: "row-before" | "row-after") => readonly Row[];
  /** Whether its program's way down was gone; undefined where it was not tried. */
  readonly isDown: boolean | undefined;
  readonly losses: readonly Loss[];
}

/** What a tenant's host has told. */
export interface Told {
  readonly isAnswered: boolean;
  readonly isWhole: boolean;
  /** What could not be found out, each with what it is about. */
  readonly faults: readonly string[];
  readonly of: (service: VersionedService) => ServiceTold;
}

/** Reads what the scripts print. */
export function told(printed: string): Told {
  const lines = printed.split("\n");
  const rows = lines.flatMap((text) => {
    const [, kind, rest] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
    return kind === undefined || rest === undefined ? [] : [{ kind, cells: rest.split("\t") }];
  });
  const of = (kind: string, service: string) =>
    rows.flatMap(({ kind: one, cells: [whose, ...cells] }) =>
      one === kind && whose === service ? [cells] : [],
    );
  return {
    isAnswered: lines.includes("answered=1"),
    isWhole: lines.includes("end=1"),
    faults: rows.flatMap(({ kind, cells: [whose = "", words = ""] }) =>
      kind === "fault" ? [`${whose}: ${words}`] : [],
    ),
    of: (service) => ({
      versions: (kind) => of(kind, service).flatMap(([version]) => version ?? []),
      columns: (kind) =>
        of(kind, service).map(([table = "", column = "", type = "", nullable = "", usual = ""]) => ({
          table,
          column,
          type,
          isNullable: nullable === "YES",
          usual,
        })),
      rows: (kind) => of(kind, service).map(([table = "", values = ""]) => ({ table, values })),
      isDown: of("down", service).length > 0 || (of("nodown", service).length > 0 ? false : undefined),
      losses: of("loss", service).map(([table = "", column = "", count = ""]) => ({
        table,
        column,
        rows: Number(count),
      })),
    }),
  };
}
