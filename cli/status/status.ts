import type { PlannedFleet, PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import { problemLine } from "../../files/problem.ts";
import { homeHosts } from "../../fleet/wayIn.ts";
import { type StatusDocument, statusDocument } from "../../reports/status/document.ts";
import { page } from "../../reports/status/page.ts";
import { prometheus } from "../../reports/status/prometheus.ts";
import { ringFacts } from "../../reports/status/ringWaits.ts";
import { type HostAnswers, hostStatus, tenantStatus } from "../../reports/status/status.ts";
import type { Verdict } from "../../reports/status/verdict.ts";
import { chosenStack } from "../chosenStack.ts";
import { command, exitCodes, type Terminal, UsageError } from "../command.ts";
import { writeWhole } from "../file.ts";
import { Pulumi } from "../pulumi.ts";
import { askHost, pagesOf } from "./ask.ts";
import { type StatusOptions, statusOptions, usage } from "./options.ts";
import { text } from "./text.ts";
import { visit } from "./visit.ts";

const codes: Readonly<Record<Verdict, number>> = {
  well: exitCodes.fine,
  ill: exitCodes.problems,
  unknown: exitCodes.unknown,
};

/** How the fleet is, asked now. */
export const status = command({
  summary: "how every tenant is, asked now; for operators, cron and Prometheus",
  usage,
  options: statusOptions,
  run: async (options, terminal) => {
    const { stack, configFile, side } = chosenStack(terminal.project, options);
    if (!("planned" in side)) throw new UsageError(side.problems.map(problemLine).join("\n"));
    // Asked first: who wants to know of rings does not want to wait for hosts to hear that there is no state.
    const state = options.rings ? await new Pulumi(terminal.project, stack, configFile).state() : undefined;
    const document = await look(stack, side.planned, chosen(side.planned, options.tenants), state);
    report(document, options, terminal);
    return codes[document.verdict];
  },
});

function report(document: StatusDocument, options: StatusOptions, terminal: Terminal): void {
  const { format, output, html, refreshSeconds } = options;
  if (html !== undefined) writeWhole("--html", html, page(document, refreshSeconds));
  const formats = {
    json: () => `${JSON.stringify(document, null, 2)}\n`,
    prometheus: () => prometheus(document),
    text: () => text(document, terminal),
  };
  if (output !== undefined) writeWhole("--output", output, formats[format]());
  // As the plan has it: who asks for a page alone needs no table.
  else if (html === undefined || format !== "text") terminal.out(formats[format]());
  for (const file of [html, output]) if (file !== undefined) terminal.err(`${file} written\n`);
}

/** @throws UsageError for a name that is no tenant of the stack */
function chosen({ tenants, fleet }: PlannedFleet, names: readonly string[]): readonly PlannedTenant[] {
  const known = tenants.map(({ tenant }) => tenant.name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(
      `${stranger} is not a tenant of stack ${fleet.config.stack}. Its tenants: ${known.join(", ") || "none"}.`,
    );
  }
  return names.length === 0 ? tenants : tenants.filter(({ tenant }) => names.includes(tenant.name));
}

/** Asks hosts and pages, all at the same time. */
async function look(
  stack: string,
  { fleet }: PlannedFleet,
  tenants: readonly PlannedTenant[],
  state: string | undefined,
): Promise<StatusDocument> {
  const { config } = fleet;
  const asked = { fleet, tenants };
  const homes = new Set(tenants.map(({ tenant }) => tenant.host));
  const hosts = homeHosts(config).filter(({ name }) => homes.has(name));
  const [answers, visits] = await Promise.all([
    Promise.all(hosts.map((host) => askHost(asked, host))),
    Promise.all(tenants.map((one) => Promise.all(pagesOf(one, config).map(visit)))),
  ]);
  const now = new Date();
  const byHost = new Map<string, HostAnswers>(answers.map((one) => [one.host, one]));
  const found = tenants.flatMap((one, index) => {
    const answer = byHost.get(one.tenant.host);
    return answer === undefined ? [] : [tenantStatus(one, fleet.releases, answer, visits[index] ?? [], now)];
  });
  return statusDocument({
    stack,
    at: now,
    rings: fleet.rings.map(({ name }) => name),
    facts: state === undefined ? undefined : ringFacts(fleet, state, found, now),
    hosts: answers.map(hostStatus),
    tenants: found,
  });
}
