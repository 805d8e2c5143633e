import { styleText } from "node:util";
import { type RecordByHand, recordsByHand } from "../../fleet/dns/records.ts";
import type { Effect } from "../../fleet/effect.ts";
import { listed } from "../../fleet/listed.ts";
import { amount, share } from "../../reports/plan/amount.ts";
import { certificateWords } from "../../reports/plan/certificates.ts";
import { sentence } from "../../reports/plan/change.ts";
import type { PlanDocument, StackDocument } from "../../reports/plan/document.ts";
import type { FleetChanges } from "../../reports/plan/fleetChanges.ts";
import { type Group, groups, summary } from "../../reports/plan/groups.ts";
import type { HostReport, StackReport, TenantReport } from "../../reports/plan/stackReport.ts";
import type { Terminal } from "../command.ts";
import { type Column, table, wrapped } from "../table.ts";

type Screen = Pick<Terminal, "width" | "hasColor">;

const signs: Readonly<Record<Effect, string>> = {
  destroys: "✖",
  interrupts: "▲",
  "in-place": "•",
  none: "·",
};
const colors = { destroys: "red", interrupts: "yellow", "in-place": "green", none: "gray" } as const;

const hostColumns: readonly Column<HostReport>[] = [
  { head: "HOST", of: ({ name }) => name, rank: 0 },
  { head: "TENANTS", of: ({ tenants }) => String(tenants), align: "right", rank: 0 },
  { head: "RESERVED", of: (host) => share(host.reservedMiB, host.availableMiB), rank: 0 },
  { head: "LIMITS", of: (host) => share(host.limitedMiB, host.limitBudgetMiB), rank: 1 },
  {
    head: "NETWORKS",
    of: (host) => `${host.tenants} of ${host.networkSlots} in ${host.networkPool}`,
    rank: 3,
  },
  { head: "SITES", of: ({ sites }) => String(sites), align: "right", rank: 2 },
  { head: "CERTIFICATES", of: ({ certificates }) => String(certificates), align: "right", rank: 2 },
];

const tenantColumns = (isPriced: boolean, hasClosed: boolean): Column<TenantReport>[] => [
  { head: "TENANT", of: ({ name }) => name, rank: 0 },
  ...(hasClosed ? [{ head: "STATE", of: ({ state }: TenantReport) => state, rank: 0 }] : []),
  { head: "HOST", of: ({ host }) => host, rank: 2 },
  { head: "RING", of: ({ ring }) => ring, rank: 1 },
  { head: "RELEASE", of: ({ release }) => release, rank: 1 },
  { head: "RESERVED", of: ({ reservedMiB }) => amount(reservedMiB), align: "right", rank: 0 },
  { head: "LIMIT", of: ({ limitedMiB }) => amount(limitedMiB), align: "right", rank: 2 },
  ...(isPriced
    ? [
        {
          head: "COST",
          of: ({ cost }: TenantReport) => (cost ?? 0).toFixed(2),
          align: "right" as const,
          rank: 0,
        },
      ]
    : []),
  { head: "NETWORK", of: ({ networks }) => networks.internal, rank: 3 },
  { head: "LOGIN", of: ({ urls }) => urls.login, rank: 1 },
  { head: "API", of: ({ urls }) => urls.api, rank: 4 },
  { head: "ADMIN", of: ({ urls }) => urls.admin, rank: 5 },
];

const recordColumns: readonly Column<RecordByHand>[] = [
  { head: "DNS RECORD TO MAKE BY HAND", of: ({ name }) => name, rank: 0 },
  { head: "TYPE", of: ({ type }) => type, rank: 0 },
  { head: "LEADS TO", of: ({ content }) => content, rank: 0 },
];

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;

/** The plan for a terminal, without what is wrong: that goes to standard error. */
export function text({ against, stacks }: PlanDocument, screen: Screen): string {
  return `${stacks.map((stack) => stackText(stack, against, screen).join("\n")).join("\n\n")}\n`;
}

function stackText(
  { stack, problems, report, changes }: StackDocument,
  against: string | undefined,
  screen: Screen,
) {
  const bold = (words: string) => (screen.hasColor ? styleText("bold", words) : words);
  if (problems.length > 0) return [bold(`Stack ${stack}: ${count(problems.length, "problem")}, no plan`)];
  return [
    bold(
      `Stack ${stack}${report === undefined ? "" : `: ${count(report.tenants.length, "tenant")} at ${report.domain}`}`,
    ),
    ...(report === undefined ? [] : reportText(report, screen)),
    ...(changes === undefined
      ? []
      : ["", bold(`Against ${against}: ${summary(changes)}`), ...changesText(changes, screen)]),
  ];
}

function reportText(
  { hosts, tenants, elsewhere, records, certificates, advice, warnings }: StackReport,
  { width }: Screen,
): string[] {
  const byHand = recordsByHand(records);
  const certified = certificateWords(certificates);
  const isPriced = tenants.some(({ cost }) => cost !== undefined);
  const hasClosed = tenants.some(({ state }) => state !== "active");
  return [
    "",
    ...table(hostColumns, hosts, width),
    ...(tenants.length === 0 ? [] : ["", ...table(tenantColumns(isPriced, hasClosed), tenants, width)]),
    ...(byHand.length === 0 ? [] : ["", ...table(recordColumns, byHand, width)]),
    ...(certified === "" ? [] : ["", ...wrapped("Certificates: ", certified, width)]),
    ...(elsewhere.length === 0
      ? []
      : [
          "",
          ...wrapped(
            "Of other stacks: ",
            listed(
              elsewhere.map(({ name }) => name),
              20,
            ),
            width,
          ),
        ]),
    ...[
      ...warnings.map((line) => wrapped("Warning: ", line, width)),
      ...advice.map((line) => wrapped("Advice: ", line, width)),
    ].flatMap((lines) => ["", ...lines]),
  ];
}

function changesText(changes: FleetChanges, screen: Screen): string[] {
  return groups(changes).flatMap((group) => groupText(group, screen));
}

function groupText({ names, kind, effect, changes }: Group, { width, hasColor }: Screen): string[] {
  const title = `${signs[effect]} ${listed(names, 10)}${kind === "stack" ? "" : ` (${kind})`}`;
  return [
    "",
    ...wrapped("", title, width).map((line) => (hasColor ? styleText(colors[effect], line) : line)),
    ...changes.flatMap((change) => wrapped(`  ${signs[change.effect]} `, sentence(change), width)),
  ];
}
