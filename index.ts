import type * as pulumi from "@pulumi/pulumi";
import { explained } from "./components/explained.ts";
import { requireEngines } from "./components/host/engine.ts";
import { Host } from "./components/host/host.ts";
import { stackConfiguration, stackSecret } from "./components/stackConfiguration.ts";
import { TenantStack } from "./components/tenant/tenantStack.ts";
import { readFleet } from "./fleet/disk.ts";
import { planTenant } from "./fleet/tenantPlan.ts";

// What should be: the files and the stack's configuration, checked as a whole before anything is touched.
const { config, tenants } = explained(() => readFleet(import.meta.dirname, stackConfiguration()));

// An engine that cannot be used is one line, not one per resource.
await requireEngines(Object.values(config.hosts));

// The machines of this stack.
const { tls, hostImages: images, protectData } = config;
const hosts = new Map(
  Object.values(config.hosts).map((host) => [host.name, new Host(host.name, { config: host, tls, images })]),
);

// The tenants, each on its host.
const stacks = tenants.flatMap((tenant) => {
  const host = hosts.get(tenant.host);
  if (!host) return []; // another stack's
  const plan = planTenant(tenant, host.config, config);
  return [[tenant.name, new TenantStack(tenant.name, { plan, host, stackSecret, protectData })] as const];
});

/** Per tenant: where it is reached and how its first administrator signs in. */
export const fleet = Object.fromEntries(
  stacks.map(([name, { urls, administrator, clientSecrets }]) => [
    name,
    { urls, administrator, clientSecrets },
  ]),
);

/** Per host: whether tenants are kept from the host's own services. */
export const inputRules: Record<string, pulumi.Output<string>> = Object.fromEntries(
  [...hosts].map(([name, host]) => [name, host.inputRule]),
);
