import { describe, expect, test } from "vitest";
import { plannedTenant } from "../../../backends/docker/fleetPlan.ts";
import { memberships } from "../../../backends/docker/tenant.ts";
import { config, host, tenant } from "../../fixtures.ts";

const plan = plannedTenant(tenant("acme"), host, config);

describe.each(plan.workloads)("$part", (one) => {
  test("has a limit on processes and its share of the CPU", () => {
    expect(one.pidsLimit).toBe(200);
    expect(one.cpuShares).toBe(1024);
  });
  test("writes to memory only, where nothing can be executed", () => {
    for (const options of Object.values(one.tmpfs)) {
      expect(options).toMatch(/^rw,noexec,nosuid,nodev,size=\d+m(,uid=999,gid=999)?,mode=\d{4}$/);
    }
  });
});

test("every address is its own, inside the tenant's subnet", () => {
  const addresses = plan.workloads.map(({ address }) => address);
  expect(new Set(addresses).size).toBe(addresses.length);
  const prefix = plan.networks.internal.subnet.replace(/\.\d+\/28$/, ".");
  for (const address of addresses) expect(address.startsWith(prefix)).toBe(true);
});

test("only Kratos is in the network with a way out", () => {
  const outside = plan.workloads.filter((one) =>
    memberships(plan, one).some(({ network }) => network === "acme-egress"),
  );
  expect(outside.map(({ part }) => part)).toEqual(["kratos"]);
});

test("sites lead to fixed addresses", () => {
  const prefix = plan.networks.internal.subnet.replace(/\.\d+\/28$/, ".");
  for (const { upstream } of plan.routes) expect(upstream.startsWith(prefix)).toBe(true);
});

test("a written network is where the tenant lies", () => {
  const written = plannedTenant(tenant("acme", { network: "10.128.4.16/28" }), host, config);
  expect(written.networks.internal).toMatchObject({ subnet: "10.128.4.16/28", bridge: "oly-i41" });
  expect(written.networks.egress.subnet).toBe("10.192.4.16/28");
});

test("two tenants share no network", () => {
  const other = plannedTenant(tenant("bigcorp"), host, config);
  expect(plan.networks.internal.subnet).not.toBe(other.networks.internal.subnet);
  expect(plan.networks.egress.bridge).not.toBe(other.networks.egress.bridge);
});
