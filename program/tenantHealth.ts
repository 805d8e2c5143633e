import type { PlannedFleet, PlannedTenant } from "../backends/docker/fleetPlan.ts";
import { type ServiceAnswers, serviceAnswers, servicesScript } from "../backends/docker/services.ts";
import { trialsOf } from "../backends/docker/trials.ts";
import type { Host } from "../fleet/model.ts";
import { physicalName } from "../fleet/names.ts";
import { releaseId } from "../fleet/release.ts";
import type { Finding } from "../fleet/rings/admission.ts";
import type { Ledger } from "../fleet/rings/ledger.ts";
import { transportTo } from "../hosts/transport.ts";

/** A service that hangs takes this long; a hundred tenants that answer take less. */
const seconds = 120;

/**
 * Asks tenants whether they are well, each service by its own health command, and whether one has been started again since
 * their ring was verified: a service that dies every few minutes answers in between. Each is tried as its last gate tries it: a
 * token, the sign-in page, a sign-in.
 *
 * @param withTrials whether to try them, which makes a client and removes it, and begins a sign-in
 */
export async function askTenants(
  { fleet, tenants }: PlannedFleet,
  names: ReadonlySet<string>,
  ledger: Ledger,
  { withTrials }: { readonly withTrials: boolean },
): Promise<ReadonlyMap<string, Finding>> {
  const wanted = tenants.filter(({ tenant }) => names.has(tenant.name));
  const hosts = Object.values(fleet.config.hosts).filter(({ name }) =>
    wanted.some(({ tenant }) => tenant.host === name),
  );
  const answers = await Promise.all(
    hosts.map(async (host) => {
      const here = wanted.filter(({ tenant }) => tenant.host === host.name);
      const told = await askServices(host, here, withTrials);
      return here.map((one) => [one.tenant.name, findingOf(one, told, ledger, withTrials)] as const);
    }),
  );
  return new Map(answers.flat());
}

async function askServices(
  host: Host,
  tenants: readonly PlannedTenant[],
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
  const { out } = await transportTo(host).run(servicesScript(host.engine, services, tried), { seconds });
  return serviceAnswers(out);
}

/** What the answers of its services say of a tenant. */
export function findingOf(
  { tenant, plan }: PlannedTenant,
  { isAnswered, isWhole, services, trials }: ServiceAnswers,
  { verified }: Ledger,
  withTrials = true,
): Finding {
  if (!isAnswered)
    return {
      kind: "unknown",
      words: `host ${tenant.host} does not answer, so ${tenant.name} could not be asked`,
    };
  const before = verified.get(tenant.ring)?.find(({ id }) => id === releaseId(tenant.wanted));
  // What was held against it once is not held against it for ever.
  const since = before?.failure?.at ?? before?.at;
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
  if (unasked.length > 0) {
    return { kind: "unknown", words: `${unasked.join(", ")} of ${tenant.name} has not answered in time` };
  }
  return withTrials && trial === undefined && plan.gates.some(({ probe }) => probe)
    ? { kind: "unknown", words: `nobody could try to sign in at ${tenant.name} in time` }
    : { kind: "passed" };
}

const failed = (words: string): Finding => ({ kind: "failed", words });
