import { expect, test } from "vitest";
import { planTenant } from "../../../fleet/tenant/plan.ts";
import { config, host, tenant } from "../../fixtures.ts";
import { printed } from "./printed.ts";

test("a second backend prints a tenant from the plan alone", () => {
  expect(
    printed(planTenant(tenant("acme", { domains: ["login.acme.test"] }), host, config)),
  ).toMatchSnapshot();
});

test("a suspended tenant is its names and nothing that runs", () => {
  expect(printed(planTenant(tenant("acme", { state: "suspended" }), host, config))).toMatchSnapshot();
});

/** Words of Docker, its networks and its mounts. Secrets and settings of Olympus are not looked at. */
const enginesWords =
  /docker|podman|container|bridge|gateway|subnet|tmpfs|noexec|cpuShares|pids|\/28|\d+\.\d+\.\d+\.\d+/i;

test("the plan has no word of an engine", () => {
  const { workloads, ...rest } = planTenant(tenant("acme"), host, config);
  const shapes = workloads.map(
    ({ env: _, command: __, entrypoint: ___, health: ____, prepare: _____, ...shape }) => shape,
  );
  // A folder of the Postgres image bears the word in its name.
  const text = JSON.stringify({ ...rest, workloads: shapes }).replaceAll("/docker-entrypoint-initdb.d", "");
  expect(text).not.toMatch(enginesWords);
  expect(JSON.stringify({ subnet: "10.128.0.0/28" })).toMatch(enginesWords);
});
