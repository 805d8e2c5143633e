import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { registryDir } from "../../lab/docker/registry.ts";
import { variantOf } from "../../lab/images/publish.ts";
import { everything, LonePostgres } from "./postgres/lonePostgres.ts";
import { rolesCases } from "./postgres/roles.cases.ts";
import { volumeCases } from "./postgres/volume.cases.ts";

/** What a first start leaves when it is cut short, what is done about volumes that hold something else, and the end. */
let lone: LonePostgres;

beforeAll(async () => {
  lone = await LonePostgres.prepare();
});
afterEach(() => lone?.remove());
afterAll(() => lone?.end());

/** Tests whether something stands on the volume yet. */
const reached = async (condition: string) => {
  while ((await lone.run(condition)).exitCode !== 0) await sleep(5);
};

describe.each([
  [18, "postgres"],
  [16, "postgres-16"],
] as const)("Postgres %i:", (major, image) => {
  beforeEach(() => lone.plan(major, lone.images[image]));

  test.each([
    ["before there is a database", "true"],
    [
      "while the database is being made",
      "cat /var/lib/postgresql/preparing/PG_VERSION /var/lib/postgresql/data/preparing/PG_VERSION 2>/dev/null | grep -q .",
    ],
    ["while its roles are being made", "psql -U postgres -Atc 'SELECT 1' > /dev/null"],
  ])("a first start that is killed %s is done again, to the end", async (_, condition) => {
    await lone.create();
    await lone.start();
    await reached(condition);
    await lone.kill();
    await lone.start();
    expect(await lone.owners()).toBe(everything);
    expect(
      (await lone.run("ls -d /var/lib/postgresql/preparing /var/lib/postgresql/data/preparing 2>/dev/null"))
        .output,
    ).toBe("");
  });

  test("a database that is finished is never thrown away", async () => {
    await lone.create();
    await lone.start();
    expect(await lone.owners()).toBe(everything);
    await lone.query("CREATE DATABASE mine OWNER kratos");
    await lone.kill();
    await lone.start();
    expect(await lone.owners()).toBe("hydra of hydra\nkratos of kratos\nmine of kratos\nolympus of olympus");
  });
});

volumeCases(
  () => lone,
  () => lone.plan(18, lone.images.postgres),
);

rolesCases(
  () => lone,
  (secretsGeneration, secretsOldest = 1) =>
    lone.plan(18, lone.images.postgres, { secretsGeneration, secretsOldest }),
);

test("a volume of the version before is told by name, and waits for its release", async () => {
  lone.plan(16, lone.images["postgres-16"]);
  await lone.create();
  await lone.start();
  expect(await lone.owners()).toBe(everything);
  await lone.stop();
  await lone.removeContainer();

  lone.plan(18, lone.images.postgres);
  await lone.create();
  await lone.start();
  expect(await lone.ended()).toBe(1);
  expect(await lone.logs(2)).toBe(
    "Postgres does not start, and nothing on its volume was changed: it holds a database of Postgres 16 in " +
      "/var/lib/postgresql/pgdata, and this image is Postgres 18, which looks in /var/lib/postgresql/18/docker.\n" +
      "Name a release of that major version; data moves to another one by dump and restore. If it was restored here by " +
      "hand, its place is /var/lib/postgresql/18/docker.",
  );
  await lone.removeContainer();

  lone.plan(16, lone.images["postgres-16"]);
  await lone.create();
  await lone.start();
  expect(await lone.owners()).toBe(everything);
});

test("it stops in seconds with a session open, whatever signal its image states", async () => {
  const other = { StopSignal: "SIGTERM" };
  lone.plan(18, await variantOf(registryDir, lone.images.postgres, "other-signal", other));
  await lone.create();
  await lone.start();
  expect(await lone.owners()).toBe(everything);
  const session = lone.query("SELECT pg_sleep(300)");
  await reached("psql -U postgres -Atc 'SELECT query FROM pg_stat_activity' | grep -q '^SELECT pg_sleep'");
  const begun = Date.now();
  await lone.stop();
  expect(Date.now() - begun).toBeLessThan(20_000);
  expect((await session).output).toContain("terminating connection due to administrator command");
  expect(await lone.logs(20)).toContain("received fast shutdown request");
});
