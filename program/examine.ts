import * as pulumi from "@pulumi/pulumi";
import { takesLong } from "../backends/docker/change.ts";
import type { HostFacts } from "../backends/docker/facts.ts";
import { type PlannedFleet, plannedFleet } from "../backends/docker/fleetPlan.ts";
import { guarded } from "../backends/docker/guards/guards.ts";
import { KnownTenant } from "../backends/docker/guards/knownTenant.ts";
import { type Purging, purging } from "../backends/docker/guards/purging.ts";
import type { Situation } from "../backends/docker/guards/situation.ts";
import { Known } from "../backends/docker/known.ts";
import type { Leftover } from "../backends/docker/leftovers.ts";
import type { DockerTenant } from "../backends/docker/tenant.ts";
import { type Verdict, verdict } from "../backends/docker/verdict.ts";
import type { PlacedFleet } from "../files/load.ts";
import type { Tenant } from "../fleet/model.ts";
import { inOrder } from "../fleet/rings/order.ts";
import type { Rollout, Share } from "../fleet/rings/rollout.ts";
import type { SecretsRecord } from "../fleet/secretsRecord.ts";
import { dispositionOf } from "../fleet/tenant/state.ts";
import { askHosts } from "./askHosts.ts";
import { deletionClock } from "./clock.ts";
import { knownStack } from "./knownStack.ts";
import { editLines, refusalMessage } from "./refusal.ts";
import { requireEngines } from "./requireEngines.ts";
import { rollOut } from "./rollOut.ts";
import { rootFingerprints } from "./stackConfiguration.ts";

/** What was found before anything is touched. */
export interface Examined {
  /** What a host is made with. */
  readonly host: (name: string) => {
    readonly facts: HostFacts | undefined;
    readonly fault: string | undefined;
    readonly leftovers: readonly Leftover[] | undefined;
  };
  /** The fleet with the releases that its tenants get in this run, and how it lies on its hosts. */
  readonly planned: PlannedFleet;
  /** Tenants that are purged by the next run: their data is not protected any more. */
  readonly unprotected: ReadonlySet<string>;
  readonly rollout: Rollout;
  /** The stack's tenants with what speaks against touching them; those come last, and each after those it waits for. */
  readonly tenants: readonly {
    readonly plan: DockerTenant;
    readonly words: string | undefined;
    readonly ring: string;
    readonly share: Share;
    /** Whether the run has work with it that takes its time. */
    readonly takesLong: boolean;
    /** Generations of its secrets, for the state to remember. */
    readonly secrets: { readonly now: SecretsRecord; readonly before: SecretsRecord | undefined };
  }[];
}

/**
 * Asks engines whether they can be used and hosts what they have, and holds that against what the stack's state knows,
 * before anything is touched. Nothing is said of a host that nobody could ask.
 *
 * @param written the fleet as it was read, for the lines of its files
 * @param now decides on windows and bakes of rings
 * @throws RunError when an engine of this machine cannot be used, or an edit of the files would lose data
 */
export async function examine(written: PlacedFleet, now: Date): Promise<Examined> {
  const machines = Object.values(written.fleet.config.hosts);
  const faults = await requireEngines(machines, written.fleet.tenants);
  const [facts, resources] = await Promise.all([
    askHosts(machines.filter(({ name }) => !faults.has(name))),
    knownStack(),
  ]);
  const known = resources && new Known(resources);
  const purge = purging(written.fleet, known, deletionClock(now));
  const fleet = { ...written.fleet, tenants: [...written.fleet.tenants, ...purge.unprotected] };
  const wanted = plannedFleet(fleet);
  // What speaks against touching a tenant is the same with either release.
  const verdicts = known && judge(wanted, facts, known);
  const refused = new Set([...(verdicts?.values() ?? [])].flatMap(({ refusals }) => [...refusals.keys()]));
  const found = await rollOut(fleet, known, refused, now);
  const planned = found.fleet === fleet ? wanted : plannedFleet(found.fleet);
  const { postgresKind } = written;
  if (known)
    await guard(
      written,
      { planned, known, facts, now, postgresKind, rootFingerprints: rootFingerprints() },
      purge,
    );
  for (const [host, one] of verdicts ?? []) await tell(host, one);
  const byName = new Map(planned.tenants.map((one) => [one.plan.tenant, one]));
  const judged = inOrder([...byName.keys()], found.shares).flatMap((name) => {
    const [one, share] = [byName.get(name), found.shares.get(name)];
    if (one === undefined || share === undefined) return [];
    const { plan, tenant } = one;
    const words = verdicts?.get(plan.host)?.refusals.get(name);
    const secrets = secretsOf(tenant, known);
    const isWork = words === undefined && takesLong(plan, secrets.now, known);
    return [{ plan, ring: tenant.ring, share, words, secrets, takesLong: isWork }];
  });
  return {
    planned,
    unprotected: new Set(purge.unprotected.map(({ name }) => name)),
    rollout: found,
    host: (name) => ({
      facts: facts.get(name),
      fault: faults.get(name) ?? verdicts?.get(name)?.fault,
      leftovers: verdicts?.get(name)?.leftovers,
    }),
    tenants: [
      ...judged.filter(({ words }) => words === undefined),
      ...judged.filter(({ words }) => words !== undefined),
    ],
  };
}

/** One that is closed goes on with those that it has had: nothing was made with others. */
function secretsOf(tenant: Tenant, known: Known | undefined): Examined["tenants"][number]["secrets"] {
  const before = known && new KnownTenant(tenant.name, known).secrets;
  const wanted = { generation: tenant.secretsGeneration, oldest: tenant.secretsOldest };
  return { before, now: dispositionOf(tenant.state).runs ? wanted : (before ?? wanted) };
}

/** What speaks against the files themselves ends a preview as well; what an edit costs is said in both. */
async function guard({ lineOf }: PlacedFleet, situation: Situation, purge: Purging): Promise<void> {
  const edits = guarded(situation);
  const found = { ...edits, refused: [...purge.refused, ...edits.refused] };
  const refusal = refusalMessage(found, lineOf);
  if (refusal !== undefined) throw new pulumi.RunError(`\n${refusal}`);
  for (const line of editLines(found.told, lineOf)) await pulumi.log.warn(line);
  for (const { name } of purge.unprotected) {
    await pulumi.log.warn(
      `${name} is to be purged: its data loses its protection in this run. The next pulumi up of this day DELETES it: volume, root key, DNS records.`,
    );
  }
  for (const name of purge.deleted) {
    await pulumi.log.warn(`${name} is purged: its volume, root key and DNS records are DELETED in this run.`);
  }
}

function judge(
  { fleet, tenants }: PlannedFleet,
  facts: ReadonlyMap<string, HostFacts>,
  known: Known,
): ReadonlyMap<string, Verdict> {
  return new Map(
    Object.values(fleet.config.hosts).flatMap((host) => {
      const found = facts.get(host.name);
      const there = tenants.flatMap(({ plan }) => (plan.host === host.name ? [plan] : []));
      return found === undefined ? [] : [[host.name, verdict(host, found, there, known)] as const];
    }),
  );
}

/** In a preview nothing fails that only an `up` would meet, so it is said. */
async function tell(host: string, { fault, leftovers, refusals }: Verdict): Promise<void> {
  if (leftovers.length > 0) {
    const names = leftovers.map(({ name }) => name).join(", ");
    await pulumi.log.info(
      `host ${host}: a run that was cut short has left ${names}. They hold no data; they are removed and made again.`,
    );
  }
  if (!pulumi.runtime.isDryRun()) return;
  for (const words of [...(fault ? [fault] : []), ...refusals.values()]) await pulumi.log.warn(words);
}
