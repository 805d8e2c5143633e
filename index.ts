import type * as pulumi from "@pulumi/pulumi";
import { Edge } from "./components/edge/edge.ts";
import { explained } from "./components/explained.ts";
import { askHosts } from "./components/host/ask.ts";
import { requireEngines } from "./components/host/engine.ts";
import { Host } from "./components/host/host.ts";
import { stackConfiguration, stackSecret } from "./components/stackConfiguration.ts";
import { TenantStack } from "./components/tenant/tenantStack.ts";
import { readFleet } from "./fleet/disk.ts";
import { behindEdge, edgeHosts, homeHosts } from "./fleet/edge.ts";
import { planTenant } from "./fleet/tenantPlan.ts";

// What should be: the files and the stack's configuration, checked as a whole before anything is touched.
const { config, tenants } = explained(() => readFleet(import.meta.dirname, stackConfiguration()));

// An engine that cannot be used is one line, not one per resource.
await requireEngines(Object.values(config.hosts));

// What hosts have of what Pulumi cannot read, so that `up` mends what was changed by hand.
const facts = await askHosts(Object.values(config.hosts));

// The machines that tenants live on.
const { tls, hostImages: images, protectData } = config;
const homes = homeHosts(config);
const edge = behindEdge(config);
const hosts = new Map(
  homes.map((host) => [
    host.name,
    new Host(host.name, { config: host, tls, images, edge, facts: facts.get(host.name) }),
  ]),
);

// The tenants, each on its host.
const placed = tenants.flatMap((tenant) => {
  const host = hosts.get(tenant.host);
  return host ? [{ host, plan: planTenant(tenant, host.config, config) }] : []; // others are another stack's
});
const plans = placed.map(({ plan }) => plan);
const stacks = placed.map(
  ({ host, plan }) =>
    [plan.tenant, new TenantStack(plan.tenant, { plan, host, stackSecret, protectData })] as const,
);

// The machines that lead visitors to the others.
const edges = edgeHosts(config).map(
  (host) => new Edge(host.name, { config: host, images, homes, plans, facts: facts.get(host.name) }),
);

/** Per tenant: where it is reached and how its first administrator signs in. */
export const fleet = Object.fromEntries(
  stacks.map(([name, { urls, administrator, clientSecrets }]) => [
    name,
    { urls, administrator, clientSecrets },
  ]),
);

/** Per host: whether tenants are kept from the host's own services. */
export const inputRules: Record<string, pulumi.Output<string>> = Object.fromEntries(
  [...hosts.values(), ...edges].map(({ hostName, inputRule }) => [hostName, inputRule]),
);
