import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withPostgres16 } from "../../lab/stack/releases.ts";
import { containersOf, labelled } from "../harness/containers.ts";
import { hostRules } from "../harness/hostRules.ts";
import { fleetFile, TestFleet } from "../harness/testFleet.ts";
import { containerCases } from "./confinement/containers.cases.ts";
import { inputRuleCases } from "./confinement/inputRule.cases.ts";
import { processCases, processStatus } from "./confinement/processes.cases.ts";
import { rebootCases } from "./confinement/reboot.cases.ts";

/** A tenant on each version of Postgres that the lab builds. */
const releases = { acme: "2026.11", bigcorp: withPostgres16("2026.11") };

let fleet: TestFleet;
let isGone = false;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme: {}, bigcorp: { release: releases.bigcorp } }));
  await fleet.up();
});
afterAll(async () => {
  if (!isGone) await fleet?.destroy();
});

describe("containers, as the engine reports them:", () => containerCases(() => fleet));

test.each([
  ["acme", "18", "/var/lib/postgresql"],
  ["bigcorp", "16", "/var/lib/postgresql/data"],
])("%s keeps its data on its volume, in the format of Postgres %s", async (tenant, major, volumePath) => {
  const container = `${tenant}-postgres`;
  const query = (sql: string) => fleet.docker("exec", container, "psql", "-U", "postgres", "-Atc", sql);
  expect(await query("SHOW server_version")).toMatch(new RegExp(`^${major}\\.`));
  const data = await query("SHOW data_directory");
  expect(data.startsWith(`${volumePath}/`), data).toBe(true);
  // Read from the volume by another container: what lies elsewhere goes with its container.
  const volume = ["--volume", `${container}:${volumePath}:ro`, "--entrypoint", "cat", "--user", "999:999"];
  const read = ["run", "--rm", "--network", "none", ...volume, fleet.images.postgres, `${data}/PG_VERSION`];
  expect(await fleet.docker(...read)).toBe(major);
  for (const program of ["psql", "pg_dump", "pg_restore", "pg_basebackup", "pg_isready"]) {
    expect(await fleet.docker("exec", container, program, "--version")).toContain(`(PostgreSQL) ${major}.`);
  }
});

processCases(async (container) => {
  const [, ...pids] = (await fleet.docker("top", container, "-eo", "pid")).split("\n");
  // A health check may have ended meanwhile.
  const texts = pids.map((pid) => readFile(`/proc/${pid.trim()}/status`, "utf8").catch(() => ""));
  return (await Promise.all(texts)).flatMap(processStatus);
});

test("networks and volumes bear our label, and there are no others", async () => {
  const tenants = ["acme", "bigcorp"];
  const networks = tenants.flatMap((tenant) => [`${tenant}-egress`, `${tenant}-internal`]);
  const volumes = [
    ...tenants.map((tenant) => `${tenant}-postgres`),
    "olympus-caddy-config",
    "olympus-caddy-data",
  ];
  expect(await labelled(fleet, "network")).toEqual(networks);
  expect(await labelled(fleet, "volume")).toEqual(volumes);
  for (const network of networks) {
    const format = '{{.Internal}} {{index .Options "com.docker.network.bridge.name"}}';
    const [internal, bridge] = (await fleet.docker("network", "inspect", "--format", format, network)).split(
      " ",
    );
    expect(internal, network).toBe(String(network.endsWith("-internal")));
    expect(bridge, network).toMatch(/^oly-[ie][0-9a-f]+$/); // or the rule on INPUT would miss it
  }
});

describe("the host keeps tenants from its own services:", () => inputRuleCases(() => fleet));

describe("the machine goes down and comes back:", () => rebootCases(() => fleet));

test("destroy takes everything, the firewall's rules too", async () => {
  const { exitCode, output } = await fleet.stack.destroy();
  expect(output).toMatch(/Resources:\s+- \d+ deleted/);
  expect(exitCode).toBe(0);
  expect([...(await containersOf(fleet)).keys()]).toEqual([]);
  expect([...(await labelled(fleet, "network")), ...(await labelled(fleet, "volume"))]).toEqual([]);
  expect(await hostRules(fleet.dockerHost, fleet.images.firewall)).not.toMatch(/oly-|OLYMPUS/);
  await fleet.destroy();
  isGone = true;
});
