import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { networksAt } from "../../backends/docker/subnets.ts";
import { Host } from "../../components/docker/host/host.ts";
import { TenantStack } from "../../components/docker/tenant/tenantStack.ts";
import type { Tenant } from "../../fleet/model.ts";
import { ringsInOrder } from "../../fleet/rings/ring.ts";
import { stackChanges } from "../../reports/plan/stackChanges.ts";
import { tenantChanges } from "../../reports/plan/tenantChanges.ts";
import * as fixtures from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

/**
 * The offline plan says which containers an edit replaces, without Pulumi. Here the components say it: what differs
 * in what they declare, by the provider's rule that all but these changes in place.
 */

const inPlace = new Set(["memory", "memorySwap", "cpuShares", "destroyGraceSeconds"]);

async function declared(tenant: Tenant, hostConfig = fixtures.host): Promise<Map<string, Made>> {
  const made = await startMocks();
  const host = new Host(hostConfig.name, {
    config: hostConfig,
    tls: fixtures.config.tls,
    images: fixtures.config.hostImages,
  });
  const plan = plannedTenant(tenant, hostConfig, fixtures.config);
  new TenantStack(tenant.name, {
    plan,
    host,
    stackSecret: () => pulumi.secret("smtp://x"),
    protectData: true,
  });
  await settled();
  return new Map(
    made
      .filter(
        ({ type, name }) => type === "docker:index/container:Container" && name.startsWith(`${tenant.name}-`),
      )
      .map((one) => [one.name.slice(tenant.name.length + 1), one]),
  );
}

function replacedBy(before: Map<string, Made>, after: Map<string, Made>): string[] {
  return [...after].flatMap(([part, { inputs }]) => {
    const old = before.get(part)?.inputs ?? {};
    const keys = [...new Set([...Object.keys(old), ...Object.keys(inputs)])];
    const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(inputs[key]));
    return differing.some((key) => !inPlace.has(key)) ? [part] : [];
  });
}

const acme = (change: Partial<Tenant> = {}) => fixtures.tenant("acme", change);
const { size, release } = acme();
const limited = (service: keyof typeof size, limitMiB: number) => ({
  size: { ...size, [service]: { reservationMiB: 40, limitMiB } },
});

const replaces =
  /^(container replaced|replaced with the others|migrations|the step runs again|every container)/;

describe("the plan says what the components do", () => {
  let before: Map<string, Made>;
  beforeAll(async () => {
    before = await declared(acme());
  });

  test.each<[string, Partial<Tenant>]>([
    ["more memory for Kratos", limited("kratos", 300)],
    ["more memory for Postgres", limited("postgres", 800)],
    ["more memory for Athena", limited("athena", 300)],
    ["a domain", { domains: ["login.acme.test"] }],
    ["origins", { cors: ["https://app.acme.test"] }],
    ["mail", { mail: { smtp: "main", from: "x@acme.test" } }],
    ["an administrator", { admin: { email: "ops@acme.test", allow: [] } }],
    ["an open admin site", { admin: { ...acme().admin, allow: ["192.0.2.0/24"] } }],
    ["new secrets", { secretsGeneration: 2 }],
    ["secrets that are no longer read", { secretsGeneration: 2, secretsOldest: 2 }],
    ["an identity schema", { schemas: { staff: "{}" } }],
    ["an image", { release: { ...release, images: { ...release.images, hydra: "registry.test/hydra:2" } } }],
    ["a release of another name", { release: { ...release, name: "2026.12" } }],
    ["a network", { network: networksAt(77, fixtures.host.networkPool).internal }],
    ["a ring", { ring: "canary" }],
    ["a requirement", { requirement: "SOC 2" }],
  ])("%s", async (_edit, change) => {
    const after = await declared(acme(change));
    const side = (tenant: Tenant) => ({
      tenant,
      plan: plannedTenant(tenant, fixtures.host, fixtures.config),
    });
    const changes = tenantChanges(side(acme()), side(acme(change)));
    const whole = changes.some(({ consequence }) => consequence.startsWith("every container"));
    const told = whole
      ? [...after.keys()]
      : changes.filter(({ consequence }) => replaces.test(consequence)).map(({ subject }) => subject);
    expect(told.sort()).toEqual(replacedBy(before, after).sort());
  });

  test("more memory on a Podman host: the container is made again, as components/docker/engine/podman.ts has it", () => {
    const podman = { ...fixtures.host, engine: "podman" as const };
    const side = (tenant: Tenant) => ({ tenant, plan: plannedTenant(tenant, podman, fixtures.config) });
    const changes = tenantChanges(side(acme()), side(acme(limited("hera", 300))));
    const told = changes.find(({ subject }) => subject === "hera");
    expect(told?.effect).toBe("interrupts");
    expect(told?.consequence).toMatch(/^container replaced/);
  });

  test("the interval of health checks: every service of the host", async () => {
    const slower = { ...fixtures.host, healthIntervalSeconds: 60 };
    const replaced = replacedBy(before, await declared(acme(), slower));
    expect(replaced.sort()).toEqual(["athena", "hera", "hydra", "kratos", "postgres"]);
    const fleet = {
      config: fixtures.config,
      tenants: [],
      purges: [],
      rings: ringsInOrder(["stable"]),
      skipped: [],
    };
    const after = { ...fleet, config: { ...fixtures.config, hosts: { local: slower } } };
    expect(stackChanges(fleet, after)).toMatchObject([{ effect: "interrupts", subject: "host local" }]);
  });
});
