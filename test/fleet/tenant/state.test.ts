import { describe, expect, test } from "vitest";
import { planTenant } from "../../../fleet/tenant/plan.ts";
import type { tenantStates } from "../../../fleet/tenant/state.ts";
import { config, host, tenant } from "../../fixtures.ts";

const planned = (state: (typeof tenantStates)[number]) =>
  planTenant(tenant("acme", { state, domains: ["login.acme.test"] }), host, config);

test("an active tenant runs, and its names lead to it", () => {
  const { workloads, gates, site } = planned("active");
  expect(workloads.length).toBeGreaterThan(5);
  expect(gates.length).toBeGreaterThan(0);
  expect(site).toEqual({ kind: "open" });
});

describe.each([
  ["suspended", { kind: "closed", status: 503, retryAfterSeconds: 3600 }],
  ["retired", { kind: "closed", status: 410 }],
] as const)("a %s tenant", (state, site) => {
  test("runs nothing and waits for nothing", () => {
    expect(planned(state)).toMatchObject({ workloads: [], gates: [], ownImages: [] });
  });
  test("is closed at each of its names, which are the same as before", () => {
    expect(planned(state).site).toEqual(site);
    expect(planned(state).routes.flatMap(({ hostNames }) => hostNames)).toEqual([
      "acme.example.org",
      "login.acme.test",
      "acme-api.example.org",
      "acme-admin.example.org",
    ]);
  });
});
