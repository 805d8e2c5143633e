import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { DockerWorkload } from "../../backends/docker/tenant.ts";
import { fill } from "../../fleet/tenant/text.ts";
import { ensureDocker } from "../../lab/docker/engine.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages } from "../../lab/images/images.ts";
import { config, host, tenant } from "../fixtures.ts";
import { claimEngine, releaseEngine } from "../harness/engineClaim.ts";

/**
 * The plan's Postgres on its own, in a network of its own: what a first start leaves when it is cut short. Names
 * are not a fleet's.
 */
const name = "olympus-test-postgres";
let dockerHost: string;
let workload: DockerWorkload;

const docker = async (...args: string[]) => {
  const { exitCode, all } = await execa("docker", args, {
    env: { DOCKER_HOST: dockerHost },
    reject: false,
    all: true,
  });
  return { exitCode, output: all };
};

const remove = async () => {
  await docker("rm", "--force", name);
  await docker("volume", "rm", "--force", name);
};

beforeAll(async () => {
  dockerHost = (await ensureDocker()).host;
  await claimEngine(dockerHost);
  const images = await ensureImages(await ensureRegistry());
  const release = { name: "2026.11", images, postgresMajor: 16 };
  const found = plannedTenant(tenant("acme", { release }), host, config).workloads.find(
    ({ part }) => part === "postgres",
  );
  if (!found) throw new Error("the plan has no Postgres");
  workload = found;
  await remove();
  await docker("network", "rm", name);
  expect(
    (await docker("network", "create", "--internal", "--subnet", "10.255.255.0/28", name)).exitCode,
  ).toBe(0);
});
afterEach(remove);
afterAll(async () => {
  await docker("network", "rm", name);
  await releaseEngine(dockerHost);
});

async function create(): Promise<void> {
  const { user, env, tmpfs, dataPath = "", entrypoint = [], command, image, part } = workload;
  const [program = "", ...first] = entrypoint;
  const { exitCode, output } = await docker(
    ...["create", "--name", name, "--user", user, "--read-only", "--cap-drop", "ALL"],
    ...["--network", name, "--network-alias", part, "--volume", `${name}:${dataPath}`],
    ...Object.entries(tmpfs).flatMap(([path, options]) => ["--tmpfs", `${path}:${options}`]),
    ...Object.entries(env).flatMap(([key, text]) => ["--env", `${key}=${fill(text, () => "not-a-secret")}`]),
    ...["--entrypoint", program, image, ...first, ...command],
  );
  expect(exitCode, output).toBe(0);
}

const healthy = async () => (await docker("exec", name, ...(workload.health ?? []))).exitCode === 0;

/** Databases that the roles of the services own, when the server is up for good. */
async function owners(): Promise<string> {
  for (let tries = 0; tries < 100 && !(await healthy()); tries++) await sleep(200);
  const query = "SELECT datname || ' of ' || rolname FROM pg_database d JOIN pg_roles r ON r.oid = datdba";
  const mine = `${query} WHERE rolname <> 'postgres' ORDER BY 1`;
  return (await docker("exec", name, "psql", "-U", "postgres", "-Atc", mine)).output;
}

/** Tests whether something stands on the volume yet. */
const onVolume = (condition: string) => async () =>
  (await docker("exec", name, "sh", "-c", condition)).exitCode === 0;

const everything = "hydra of hydra\nkratos of kratos\nolympus of olympus";

test.each([
  ["before there is a database", onVolume("true")],
  ["while the database is being made", onVolume('[ -s "$PGDATA/PG_VERSION" ]')],
  ["while its roles are being made", onVolume("psql -U postgres -Atc 'SELECT 1' > /dev/null")],
])("a first start that is killed %s is begun anew, to the end", async (_, reached) => {
  await create();
  await docker("start", name);
  while (!(await reached())) await sleep(5);
  await docker("kill", name);
  await docker("start", name);
  expect(await owners()).toBe(everything);
});

test("a database that is finished is never thrown away", async () => {
  await create();
  await docker("start", name);
  expect(await owners()).toBe(everything);
  await docker("exec", name, "psql", "-U", "postgres", "-c", "CREATE DATABASE mine OWNER kratos");
  await docker("kill", name);
  await docker("start", name);
  expect(await owners()).toBe("hydra of hydra\nkratos of kratos\nmine of kratos\nolympus of olympus");
});
