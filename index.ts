import "./program/endWithEngine.ts";
import type * as pulumi from "@pulumi/pulumi";
import { checkZone } from "./components/dns/check.ts";
import { createZone } from "./components/dns/zone.ts";
import { Host } from "./components/docker/host/host.ts";
import { createStop } from "./components/docker/tenant/refusal.ts";
import { TenantStack } from "./components/docker/tenant/tenantStack.ts";
import { Edge } from "./components/edge/edge.ts";
import { Ring } from "./components/ring/ring.ts";
import { isProxied, recordsByHand, stackRecords } from "./fleet/dns/records.ts";
import { ringSummary } from "./fleet/rings/summary.ts";
import { failureWords } from "./fleet/rings/words.ts";
import { behindEdge, edgeHosts, homeHosts } from "./fleet/wayIn.ts";
import { clock, wallClock, warnOfClock } from "./program/clock.ts";
import { examine } from "./program/examine.ts";
import { fleetOfStack } from "./program/fleetOfStack.ts";
import { goOnWithoutTraces } from "./program/leanTraces.ts";
import { tellProgress } from "./program/progress.ts";
import { stackSecret } from "./program/stackConfiguration.ts";

// What should be: the files and the stack's configuration, checked as a whole before anything is touched.
const written = fleetOfStack(import.meta.dirname);
const { config } = written.fleet;

// Hosts as they are: what cannot be used, what was changed by hand, what a killed run has left, and whose data is gone.
// Edits that would lose data. And which ring gets its release now.
await warnOfClock();
const found = await examine(written, clock());
const plans = found.planned.tenants.map(({ plan }) => plan);

// The zone in which names lead to the hosts, where no record of somebody else may be in the way.
const zone = createZone(config, stackSecret);
await checkZone(zone, config, plans);

// From here on there are only declarations.
goOnWithoutTraces();

// The machines that tenants live on.
const { tls, hostImages: images, protectData } = config;
const homes = homeHosts(config);
const edge = behindEdge(config);
const proxied = isProxied(config.dns);
const hosts = new Map(
  homes.map((host) => [
    host.name,
    new Host(host.name, { config: host, tls, images, edge, isProxied: proxied, ...found.host(host.name) }),
  ]),
);

// The tenants, each on its host, ring after ring. One that must not be touched fails when the others are done.
const stacks = new Map<string, TenantStack>();
const sitesOf = (names: readonly string[]) => names.flatMap((name) => stacks.get(name)?.site ?? []);
for (const { plan, words, share, secrets } of found.tenants) {
  const host = hosts.get(plan.host);
  if (!host) continue; // an edge has no tenants
  const refusal = words === undefined ? undefined : { words, after: sitesOf([...stacks.keys()]) };
  const after = sitesOf(share.after);
  stacks.set(
    plan.tenant,
    new TenantStack(plan.tenant, {
      plan,
      host,
      zone,
      stackSecret,
      protectData: protectData && !found.unprotected.has(plan.tenant),
      isPurged: found.unprotected.has(plan.tenant),
      given: share,
      secrets,
      after,
      refusal,
    }),
  );
}

// What is seen while that goes on.
const work = found.tenants.filter(({ takesLong }) => takesLong);
tellProgress(
  work.flatMap(({ plan: { tenant }, ring }) => {
    const stack = stacks.get(tenant);
    return stack === undefined ? [] : [{ tenant, ring, stack }];
  }),
  wallClock,
);

// What the state remembers of rings. One that is not well with what the next one waits for makes the run fail at its end.
for (const { name } of written.fleet.rings) {
  const { verified, toVerify, failures } = found.rollout;
  const passing = (toVerify.get(name) ?? []).map(({ id, release, ahead, tenants }) => ({
    id,
    release,
    ahead,
    once: tenants.flatMap((tenant) => stacks.get(tenant) ?? []),
  }));
  const ring = new Ring(name, { verified: verified.get(name) ?? [], passing, clock });
  for (const failure of failures.filter((one) => one.ring === name)) {
    createStop(name, { words: failureWords(failure), after: sitesOf([...stacks.keys()]) }, ring);
  }
}

// The machines that lead visitors to the others.
const edges = edgeHosts(config).map(
  (host) => new Edge(host.name, { config: host, images, homes, plans, ...found.host(host.name) }),
);

// One name for all tenants leads to what routes them, once that is there.
for (const host of [...hosts.values(), ...edges]) zone?.wildcards(host);

/** Per tenant: its state, where it is reached and how its first administrator signs in. */
export const fleet = Object.fromEntries(
  [...stacks].map(([name, { state, urls, administrator, clientSecrets }]) => [
    name,
    { state, urls, administrator, clientSecrets },
  ]),
);

/** Per ring, as the run has found it: which tenants have which release, since when it was healthy with it, what waits for what. */
export const rings = ringSummary(written.fleet.rings, found.rollout);

/** Per host: whether tenants are kept from the host's own services. */
export const inputRules: Record<string, pulumi.Output<string>> = Object.fromEntries(
  [...hosts].map(([name, host]) => [name, host.inputRule]),
);

/** Records that are somebody else's to make: in zones of custom domains, or all of them without a DNS provider. */
export const dnsRecords = recordsByHand([
  ...stackRecords(config),
  ...plans.flatMap(({ records }) => records),
]);
