import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { checkZone } from "../../components/dns/check.ts";
import { createZone } from "../../components/dns/zone.ts";
import { Host } from "../../components/docker/host/host.ts";
import { TenantStack } from "../../components/docker/tenant/tenantStack.ts";
import type { StackConfig } from "../../fleet/model.ts";
import { cloudflareDns, tenant, config as usual, host as usualHost } from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

const type = "cloudflare:index/dnsRecord:DnsRecord";
const token = "editor-of-the-zone-kQ9vT2xLw8Zr4Nc7Yp1Hs";
const local = { ...usualHost, publicAddress: ["203.0.113.10", "2001:db8::10"] };
const config = (change: object = {}): StackConfig => ({
  ...usual,
  hosts: { local },
  dns: { ...cloudflareDns, ...change },
});

let made: Made[];
beforeEach(async () => {
  made = await startMocks();
});

async function fleet(stack: StackConfig): Promise<Made[]> {
  const zone = createZone(stack, () => pulumi.secret(token));
  const plan = plannedTenant(tenant("acme"), local, stack);
  await checkZone(zone, stack, [plan]);
  const host = new Host("local", { config: local, tls: stack.tls, images: stack.hostImages });
  new TenantStack("acme", { plan, host, zone, stackSecret: () => pulumi.secret("x"), protectData: true });
  zone?.wildcards(host);
  await settled();
  return made.filter((one) => one.type === type);
}

test("a record per name bears its tenant's name, and says whose it is", async () => {
  const records = await fleet(config());
  expect(records.map(({ name }) => name).sort()).toEqual([
    "acme-dns-api",
    "acme-dns-api-2",
    "acme-dns-login",
    "acme-dns-login-2",
  ]);
  expect(records.find(({ name }) => name === "acme-dns-login")?.inputs).toEqual({
    zoneId: "0123456789abcdef0123456789abcdef",
    name: "acme.example.org",
    type: "A",
    content: "203.0.113.10",
    ttl: 300,
    proxied: false,
    comment: "olympus-fleet: tenant acme, stack test",
  });
});

test("what is proxied leaves its time to live to the proxy", async () => {
  const records = await fleet(config({ proxied: true }));
  expect(records.map(({ inputs }) => [inputs.ttl, inputs.proxied])).toEqual(Array(4).fill([1, true]));
});

test("one wildcard belongs to no tenant", async () => {
  const records = await fleet(config({ mode: "wildcard" }));
  expect(records.map(({ name, inputs }) => [name, inputs.name, inputs.comment])).toEqual([
    ["dns-wildcard-local", "*.example.org", "olympus-fleet: all tenants, stack test"],
    ["dns-wildcard-local-2", "*.example.org", "olympus-fleet: all tenants, stack test"],
  ]);
});

test("without a provider there is neither record nor zone", async () => {
  expect(await fleet({ ...config(), dns: { provider: "none", mode: "records" } })).toEqual([]);
  expect(made.filter((one) => /cloudflare|DnsZone/.test(one.type))).toEqual([]);
});

describe("the token", () => {
  test("is a secret of the provider, and in no record", async () => {
    await fleet(config());
    const holders = made.filter(({ inputs }) => JSON.stringify(inputs).includes(token));
    expect(holders.map(({ type: holder, secret }) => [holder, secret])).toEqual([
      ["pulumi:providers:cloudflare", ["apiToken"]],
    ]);
  });
});

test("a tenant with a name per site and two addresses takes at most 24 resources", async () => {
  await fleet(config());
  const own = made.filter(({ name }) => name === "acme" || name.startsWith("acme-"));
  expect(own.length).toBeLessThanOrEqual(24);
});
