import { styleText } from "node:util";
import { amount } from "../../reports/plan/amount.ts";
import type { StatusDocument } from "../../reports/status/document.ts";
import type { TenantStatus, Verdict } from "../../reports/status/status.ts";
import type { Terminal } from "../command.ts";
import { type Column, table, wrapped } from "../table.ts";

type Screen = Pick<Terminal, "width" | "hasColor">;

const titles: Readonly<Record<Verdict, string>> = {
  well: "all is well",
  ill: "something is ill",
  unknown: "nothing found ill, but not everything could be asked",
};
const colors = { well: "green", ill: "red", unknown: "yellow" } as const;

const isActive = ({ state }: TenantStatus) => state === "active";
/** What nobody asks of a tenant of which nothing runs. */
const none = "-";

const columns = (hasClosed: boolean): readonly Column<TenantStatus>[] => [
  { head: "tenant", of: ({ tenant }) => tenant, rank: 0 },
  { head: "status", of: ({ verdict }) => verdict, rank: 0 },
  ...(hasClosed ? [{ head: "state", of: ({ state }: TenantStatus) => state, rank: 0 }] : []),
  { head: "host", of: ({ host }) => host, rank: 2 },
  { head: "ring", of: ({ ring }) => ring, rank: 4 },
  { head: "release", of: release, rank: 1 },
  {
    head: "database",
    of: (one) => {
      if (one.isWritten === undefined) return isActive(one) ? "?" : none;
      return one.isWritten ? "written" : "not written";
    },
    rank: 3,
  },
  { head: "certificate", of: certificate, rank: 3, align: "right" },
  {
    head: "restarts",
    of: (one) => String(one.restarts ?? (isActive(one) ? "?" : none)),
    rank: 5,
    align: "right",
  },
];

/** What runs; where the files say something else, that as well. */
function release(one: TenantStatus): string {
  const { release: wanted, running } = one;
  if (running.length === 0 && !isActive(one)) return none;
  if (running.length === 0) return `? (files: ${wanted})`;
  const found = running.join(" and ");
  return found === wanted ? found : `${found} (files: ${wanted})`;
}

function certificate({ certificateDays: days }: TenantStatus): string {
  if (days === undefined) return "?";
  if (days < 0) return "ended";
  return days === 0 ? "today" : `${days} days`;
}

/** The document for a terminal: what is ill first, then the table. */
export function text({ stack, asked, verdict, hosts, tenants }: StatusDocument, screen: Screen): string {
  const title = `Stack ${stack}, ${asked}: ${titles[verdict]}`;
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
    tenants.length > 0
      ? table(columns(!tenants.every(isActive)), tenants, screen.width)
      : ["The stack has no tenants."],
    rooms,
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
