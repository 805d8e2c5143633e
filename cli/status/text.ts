import { styleText } from "node:util";
import { amount } from "../../reports/plan/amount.ts";
import type { StatusDocument } from "../../reports/status/document.ts";
import { healthyWords, type RingStatus, ringWaitWords } from "../../reports/status/rings.ts";
import type { TenantStatus } from "../../reports/status/status.ts";
import {
  certificateWords,
  databaseWords,
  dataWords,
  leftWords,
  releasesWords,
  releaseWords,
  restartWords,
  verdictWords,
} from "../../reports/status/words.ts";
import type { Terminal } from "../command.ts";
import { type Column, table, wrapped } from "../table.ts";

type Screen = Pick<Terminal, "width" | "hasColor">;

const colors = { well: "green", ill: "red", unknown: "yellow" } as const;

const tenantColumns = ({ tenants, hosts }: StatusDocument): readonly Column<TenantStatus>[] => [
  { head: "tenant", of: ({ tenant }) => tenant, rank: 0 },
  { head: "status", of: ({ verdict }) => verdict, rank: 0 },
  ...(tenants.every(({ state }) => state === "active")
    ? []
    : [{ head: "state", of: ({ state }: TenantStatus) => state, rank: 0 }]),
  { head: "host", of: ({ host }) => host, rank: 2 },
  { head: "ring", of: ({ ring }) => ring, rank: 4 },
  { head: "release", of: releaseWords, rank: 1 },
  { head: "database", of: databaseWords, rank: 3 },
  { head: "data", of: dataWords, rank: 4, align: "right" },
  { head: "left", of: (one) => leftWords(one, hosts), rank: 4, align: "right" },
  { head: "certificate", of: certificateWords, rank: 3, align: "right" },
  { head: "restarts", of: restartWords, rank: 5, align: "right" },
];

const ringColumns = (rings: readonly RingStatus[]): readonly Column<RingStatus>[] => [
  { head: "ring", of: ({ ring }) => ring, rank: 0 },
  { head: "status", of: ({ verdict }) => verdict, rank: 0 },
  { head: "tenants", of: ({ tenants }) => String(tenants.length), rank: 1, align: "right" },
  { head: "release", of: ({ running, releases }) => releasesWords(running, releases), rank: 0 },
  ...(rings.some(({ waits }) => waits !== undefined)
    ? [{ head: "healthy with, since", of: healthyWords, rank: 1 }]
    : []),
];

/** What Pulumi's state says of rings that wait; in sentences, since a column would cut them. */
const waitLines = (rings: readonly RingStatus[], width: number) =>
  rings.flatMap((ring) =>
    (ring.waits ?? []).length === 0
      ? []
      : [`ring ${ring.ring} waits`, ...wrapped("  ", `${ringWaitWords(ring)}.`, width)],
  );

/** The document for a terminal: what is ill first, then the tables. */
export function text(document: StatusDocument, screen: Screen): string {
  const { stack, asked, verdict, rings, hosts, tenants } = document;
  const title = `Stack ${stack}, ${asked}: ${verdictWords[verdict]}`;
  const complaints = [
    ...hosts.map(({ host, complaints: words }) => [`host ${host}`, words] as const),
    ...tenants.map(({ tenant, complaints: words }) => [tenant, words] as const),
  ].flatMap(([name, words]) =>
    words.length === 0 ? [] : [name, ...words.flatMap((one) => wrapped("  ", `${one}.`, screen.width))],
  );
  const rooms = hosts.flatMap(({ host, space }) =>
    space === undefined
      ? []
      : [`${host}: ${amount(space.freeMiB)} of ${amount(space.totalMiB)} free at ${space.folder}`],
  );
  return `${[
    [screen.hasColor ? styleText(colors[verdict], title) : title],
    complaints,
    // With one ring its line would say what the tenants' lines do.
    rings.length > 1 ? table(ringColumns(rings), rings, screen.width) : [],
    waitLines(rings, screen.width),
    tenants.length > 0
      ? table(tenantColumns(document), tenants, screen.width)
      : ["The stack has no tenants."],
    rooms,
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
