import { visitLogName } from "../backends/docker/caddy/visitLog.ts";
import { countedSites, notedSites, siteAnswers } from "../backends/docker/caddy/visits.ts";
import type { PlannedFleet, PlannedTenant } from "../backends/docker/fleetPlan.ts";
import { KnownTenant } from "../backends/docker/guards/knownTenant.ts";
import type { Known } from "../backends/docker/known.ts";
import { type ServiceAnswers, serviceAnswers, servicesScript } from "../backends/docker/services.ts";
import { trialsOf } from "../backends/docker/trials.ts";
import type { Host } from "../fleet/model.ts";
import { physicalName } from "../fleet/names.ts";
import type { Finding } from "../fleet/rings/admission.ts";
import { lastSeen, visitsSince } from "../fleet/rings/lastSeen.ts";
import type { Ledger } from "../fleet/rings/ledger.ts";
import { failingWords, isFailing } from "../fleet/siteErrors.ts";
import { transportTo } from "../hosts/transport.ts";

/** A service that hangs takes this long; a hundred tenants that answer take less. */
const seconds = 120;

/**
 * Asks tenants whether they are well, each service by its own health command, and whether one has been started again since
 * their ring was verified: a service that dies every few minutes answers in between. Each is tried as its last gate tries it: a
 * token, the sign-in page, a sign-in. And what visitors were answered since then is counted: what they do there is more than that.
 *
 * @param now the time by which the ring was verified is told; the host's own clock may be another
 * @param withTrials whether to try them, which makes a client and removes it, and begins a sign-in
 */
export async function askTenants(
  { fleet, tenants }: PlannedFleet,
  names: ReadonlySet<string>,
  ledger: Ledger,
  now: Date,
  { withTrials }: { readonly withTrials: boolean },
): Promise<ReadonlyMap<string, Finding>> {
  const wanted = tenants.filter(({ tenant }) => names.has(tenant.name));
  const hosts = Object.values(fleet.config.hosts).filter(({ name }) =>
    wanted.some(({ tenant }) => tenant.host === name),
  );
  const answers = await Promise.all(
    hosts.map(async (host) => {
      const here = wanted.filter(({ tenant }) => tenant.host === host.name);
      const told = await askServices(host, here, ledger, now, withTrials);
      return here.map((one) => [one.tenant.name, findingOf(one, told, ledger, now, withTrials)] as const);
    }),
  );
  return new Map(answers.flat());
}

/** Those that were closed and come back in this run: there is nothing yet that could be asked, and that is no failure. */
export const comingBack = (
  names: ReadonlySet<string>,
  known: Known | undefined,
): ReadonlyMap<string, Finding> =>
  new Map(
    [...names].flatMap((name) =>
      known !== undefined && new KnownTenant(name, known).isClosed
        ? [[name, unknown(`${name} comes back in this run`)] as const]
        : [],
    ),
  );

async function askServices(
  host: Host,
  tenants: readonly PlannedTenant[],
  ledger: Ledger,
  now: Date,
  withTrials: boolean,
): Promise<ServiceAnswers> {
  const services = tenants.flatMap(({ plan }) =>
    plan.workloads.flatMap(({ kind, part, health }) =>
      kind === "service" && health !== undefined
        ? [{ container: physicalName(plan.tenant, part), health }]
        : [],
    ),
  );
  const tried = withTrials ? trialsOf(tenants.map(({ plan }) => plan)) : undefined;
  const counted = tenants.flatMap(({ tenant, plan }) => {
    const since = visitsSince(tenant, ledger);
    return since === undefined ? [] : countedSites(plan, secondsBetween(since, now));
  });
  const { out } = await transportTo(host).run(servicesScript(host.engine, services, tried, counted), {
    seconds,
  });
  return serviceAnswers(out);
}

const secondsBetween = (from: Date, to: Date) =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

/** What the answers of its services say of a tenant. */
export function findingOf(
  { tenant, plan }: PlannedTenant,
  { isAnswered, isWhole, services, trials, visits }: ServiceAnswers,
  ledger: Ledger,
  now: Date,
  withTrials = true,
): Finding {
  if (!isAnswered)
    return {
      kind: "unknown",
      words: `host ${tenant.host} does not answer, so ${tenant.name} could not be asked`,
    };
  const since = lastSeen(tenant, ledger);
  const unasked: string[] = [];
  for (const { part, kind } of plan.workloads) {
    if (kind !== "service") continue;
    const found = services.get(physicalName(tenant.name, part));
    const name = `${part} of ${tenant.name}`;
    if (found === undefined && isWhole) return failed(`${name} is not there`);
    if (found === undefined) {
      unasked.push(part);
      continue;
    }
    if (found.state !== "running") return failed(`${name} does not run: ${found.state}`);
    if (found.isHealthy === false) return failed(`${name} is not healthy`);
    if (found.isHealthy === undefined) unasked.push(part);
    const { restarts, startedAt } = found;
    if (restarts > 0 && since !== undefined && startedAt !== undefined && startedAt > since) {
      return failed(`${name} has ended by itself, and was started again at ${startedAt.toISOString()}`);
    }
  }
  const trial = trials.get(tenant.name);
  if (trial?.isGood === false) return failed(`${tenant.name} is healthy, and its ${trial.complaint}`);
  const sites = siteFindings({ tenant, plan }, visits, visitsSince(tenant, ledger), now);
  const failing = sites.find(({ kind }) => kind === "failed");
  if (failing !== undefined) return failing;
  if (unasked.length > 0) {
    return unknown(`${unasked.join(", ")} of ${tenant.name} has not answered in time`);
  }
  if (withTrials && trial === undefined && plan.gates.some(({ probe }) => probe)) {
    return unknown(`nobody could try to sign in at ${tenant.name} in time`);
  }
  return sites[0] ?? { kind: "passed" };
}

/** What speaks against each of a tenant's sites, by what its visitors were answered. No visits say nothing. */
function siteFindings(
  { tenant, plan }: PlannedTenant,
  visits: ServiceAnswers["visits"],
  since: Date | undefined,
  now: Date,
): Finding[] {
  if (since === undefined) return [];
  return notedSites(plan).flatMap((site) => {
    const found = visits.get(visitLogName(tenant.name, site));
    if (found === undefined) return [unknown(`nobody knows what ${tenant.name}'s ${site} site has answered`)];
    const answers = siteAnswers(site, found, since, now);
    return isFailing(answers) ? [failed(failingWords(tenant.name, answers))] : [];
  });
}

const failed = (words: string): Finding => ({ kind: "failed", words });
const unknown = (words: string): Finding => ({ kind: "unknown", words });
