import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { DockerWorkload } from "../../backends/docker/tenant.ts";
import { fill } from "../../fleet/tenant/text.ts";
import { ensureDocker } from "../../lab/docker/engine.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages, type LabImages } from "../../lab/images/images.ts";
import { config, host, tenant } from "../fixtures.ts";
import { claimEngine, releaseEngine } from "../harness/engineClaim.ts";

/**
 * The plan's Postgres on its own, in a network of its own: what a first start leaves when it is cut short. Names
 * are not a fleet's.
 */
const name = "olympus-test-postgres";
let dockerHost: string;
let images: LabImages;
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
  images = await ensureImages(await ensureRegistry());
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

/** The workload that the plan has for a release with this version of Postgres. */
function planned(postgresMajor: number, image: string): DockerWorkload {
  const release = { name: "2026.11", images: { ...images, postgres: image }, postgresMajor };
  const found = plannedTenant(tenant("acme", { release }), host, config).workloads.find(
    ({ part }) => part === "postgres",
  );
  if (!found) throw new Error("the plan has no Postgres");
  return found;
}

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

describe.each([
  [18, "postgres"],
  [16, "postgres-16"],
] as const)("Postgres %i:", (major, image) => {
  beforeEach(() => {
    workload = planned(major, images[image]);
  });

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
});
