import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { vhost } from "../../backends/docker/caddy/vhost.ts";
import type { ContainerFact, HostFacts } from "../../backends/docker/facts.ts";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { digestOf } from "../../backends/docker/found.ts";
import { caddyContainer, firewallContainer } from "../../backends/docker/names.ts";
import { memberships } from "../../backends/docker/tenant.ts";
import { config, host as hostConfig, tenant } from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

/** What a host has otherwise than it is about to be made becomes an input of the very Command that makes it. */

const asked = "2026-11-24T02:43:11Z";
const plans = ["acme", "bigcorp"].map((name) => plannedTenant(tenant(name), hostConfig, config));
const siteFiles = new Map(
  plans.map((plan) => [`sites/${plan.tenant}.caddy`, digestOf(vhost(plan, config.tls))]),
);
const fact = { id: "x", isOurs: true, isPaused: false, isFailing: false, exitCode: undefined };
const containers = new Map(
  plans.flatMap((plan) =>
    plan.workloads.map((workload): [string, ContainerFact] => [
      `${plan.tenant}-${workload.part}`,
      {
        ...fact,
        exitCode: workload.kind === "step" ? 0 : undefined,
        networks: memberships(plan, workload).map(({ network }) => network),
      },
    ]),
  ),
);
const networks = new Map(
  plans
    .flatMap((plan) => Object.values(plan.networks))
    .map(({ name }) => [name, { id: "x", isOurs: true }] as const),
);

let made: Made[];
const found = () =>
  Object.fromEntries(
    made.flatMap(({ name, inputs }) => {
      const { FOUND } = (inputs.environment ?? {}) as { readonly FOUND?: string };
      return FOUND === undefined ? [] : [[name, FOUND]];
    }),
  );

beforeAll(async () => {
  made = await startMocks();
  const { Host } = await import("../../components/docker/host/host.ts");
  const { TenantStack } = await import("../../components/docker/tenant/tenantStack.ts");
  const facts: HostFacts = {
    asked,
    containers: new Map(containers)
      .set(caddyContainer, { ...fact, networks: ["host"] })
      .set(firewallContainer, { ...fact, networks: ["host"] })
      .set("acme-hydra", { ...fact, networks: ["acme-internal", "bridge"] })
      .set("acme-hera", { ...fact, isPaused: true, networks: ["acme-internal"] }),
    networks,
    volumes: new Map(),
    checks: new Map(),
    files: new Map(siteFiles)
      .set("sites/acme.caddy", digestOf("by hand"))
      .set("Caddyfile", digestOf("by hand")),
    runsWhatWasPublished: true,
    isGuarded: false,
  };
  const { tls, hostImages: images } = config;
  const told = { ...hostConfig, name: "told", inputRule: "report" } as const;
  new Host("told", { config: told, tls, images, facts });
  new Host("unasked", { config: { ...hostConfig, name: "unasked" }, tls, images });
  const host = new Host("local", { config: hostConfig, tls, images, facts });
  for (const plan of plans) {
    const stackSecret = (key: string) => pulumi.secret(key);
    new TenantStack(plan.tenant, { plan, host, stackSecret, protectData: true });
  }
  await settled();
});

test("of one tenant, not of its neighbour, and of no host that nobody has asked", () => {
  expect(found()).toEqual({
    "told-caddyfile": `another file at ${asked}`,
    "local-caddyfile": `another file at ${asked}`,
    "local-firewall-gate": `no rule at ${asked}`,
    "acme-gate-bootstrap": `acme-hydra in other networks at ${asked}`,
    "acme-gate-ready": `acme-hera paused at ${asked}`,
    "acme-vhost": `another file at ${asked}`,
  });
});
