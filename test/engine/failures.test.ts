import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caddyContainer } from "../../backends/docker/names.ts";
import { registryDir } from "../../lab/docker/registry.ts";
import { variantOf } from "../../lab/images/publish.ts";
import type { RunResult } from "../../lab/stack/fleetStack.ts";
import { lives } from "../harness/containers.ts";
import { changes, fleetFile, httpsPort, TestFleet } from "../harness/testFleet.ts";
import { Visitor } from "../harness/visitor.ts";
import { lyingCases } from "./failures/lies.cases.ts";
import { manyCases } from "./failures/many.cases.ts";
import { probeCases } from "./failures/probe.cases.ts";
import { waitingCases } from "./failures/waiting.cases.ts";

let fleet: TestFleet;
let visitor: Visitor;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme: {}, bigcorp: {} }));
  await fleet.up();
  visitor = await Visitor.of(fleet);
});
afterAll(() => fleet?.destroy());

const answers = async (tenant: string) =>
  (await visitor.call(`https://${tenant}.localhost:${httpsPort}/login`)).status;

/** What a failed run says at its end, where people look. */
async function complaint(): Promise<string> {
  const { exitCode, output } = await fleet.stack.up({ args: ["--parallel", "32"] });
  expect(exitCode).not.toBe(0);
  return diagnostics(output);
}

function diagnostics(output: string): string {
  const [, told = ""] = output.split(/^Diagnostics:$/m);
  expect(told).not.toMatch(/^\s+at \S+ \(/m); // no stack trace
  return told.split(/^Outputs:$/m)[0] ?? "";
}

test("an image that its registry does not have: named with the tenant, and nobody stops", async () => {
  const before = await lives(fleet);
  const missing = fleet.images.kratos.replace(/sha256:.*/, `sha256:${"0".repeat(64)}`);
  // Those of the others are there, and none of them is put into place alone.
  const Labels = { purpose: "before a missing one" };
  const hydra = await variantOf(registryDir, fleet.images.hydra, "engine-test-there", { Labels });
  const postgres = await variantOf(registryDir, fleet.images.postgres, "engine-test-there", { Labels });
  await fleet.writeTenants(
    fleetFile({ acme: {}, bigcorp: { images: { kratos: missing, hydra, postgres } } }),
  );
  const told = await complaint();
  expect(told).toContain(missing);
  expect(told).toMatch(/\(bigcorp-\S+\):/);
  expect(told).not.toContain("acme");
  expect(await lives(fleet)).toEqual(before);
  expect(await answers("acme")).toBe(200);
  expect(await answers("bigcorp")).toBe(200);
  // Who wants to know addresses and passwords meanwhile finds them.
  expect(Object.keys((await fleet.stack.outputs()).fleet)).toEqual(["acme", "bigcorp"]);

  await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: {} }));
  await fleet.up();
  expect(await lives(fleet)).toEqual(before);
});

describe("a migration that fails", () => {
  const sql = (statements: string) =>
    fleet.docker(
      "exec",
      "bigcorp-postgres",
      "psql",
      "-q",
      "-U",
      "postgres",
      "-d",
      "kratos",
      "-c",
      statements,
    );
  let told: string;
  let toldOfLock: string;
  let neighbours: Record<string, string>;

  beforeAll(async () => {
    neighbours = await lives(fleet, "acme");
    const Labels = { purpose: "failures.test.ts" };
    const newer = await variantOf(registryDir, fleet.images.kratos, "engine-test", { Labels });
    await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: { images: { kratos: newer } } }));
    // Somebody holds a table that every migration reads first.
    const held = sql("BEGIN; LOCK TABLE schema_migration; SELECT pg_sleep(600)").catch(() => "ended");
    toldOfLock = await complaint();
    await sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()",
    );
    await held;
    // Kratos takes the database for an empty one, and meets the tables that it wants to make.
    await sql("CREATE TABLE kept AS SELECT * FROM schema_migration; DELETE FROM schema_migration");
    told = await complaint();
  });

  test("is not begun while what it changes cannot be dumped: a lock is waited for half a minute", () => {
    expect(toldOfLock).toContain(
      "bigcorp-postgres: cannot be dumped before a migration, so nothing was migrated, and Kratos and Hydra run as before: ERROR:  canceling statement due to lock timeout",
    );
  });

  test("leaves the dump of before it, whole, once, for Postgres's own user alone", async () => {
    const look = `set -e; cd /var/lib/postgresql/dumps; ls; cd *Z; stat -c '%a %U' . kratos.dump; cat migrations
for name in kratos hydra olympus; do pg_restore --list $name.dump | grep -c . ; done; grep -c bigcorp-kratos from to`;
    const [folder = "", mode, fileMode, ...rest] = (
      await fleet.docker("exec", "bigcorp-postgres", "sh", "-c", look)
    )
      .trim()
      .split("\n");
    expect(folder).toMatch(/^\d{8}T\d{6}Z$/);
    expect([mode, fileMode]).toEqual(["700 postgres", "600 postgres"]);
    expect(rest[0]).toBe("kratos 0");
    expect(rest[1]).toMatch(/^hydra [1-9]/);
    expect(rest.slice(2, 5).every((entries) => Number(entries) > 10)).toBe(true);
    expect(rest.slice(5)).toEqual(["from:1", "to:1"]);
  });

  test("is an error with the container's name and its last log lines", () => {
    expect(told).toMatch(/\(bigcorp-gate-migrate\):/);
    expect(told).toMatch(/bigcorp-kratos-migrate: failed with exit code [1-9]\d*\. Errors in its log:/);
    expect(told).toContain("already exists");
    expect(told).toContain("the way back: write the release or images of before, then pulumi up");
  });

  test("is the same error in the next run, though nothing was edited", async () => {
    expect(await complaint()).toMatch(/bigcorp-kratos-migrate: failed with exit code [1-9]\d*\./);
  });

  test("leaves the neighbour alone, and the version before at work", async () => {
    expect(await lives(fleet, "acme")).toEqual(neighbours);
    expect(await answers("acme")).toBe(200);
    expect(await answers("bigcorp")).toBe(200);
  });

  test("can be repeated after the repair", async () => {
    await sql("INSERT INTO schema_migration SELECT * FROM kept; DROP TABLE kept");
    const { replaced } = changes(await fleet.up());
    expect(replaced).toContain("bigcorp-kratos");
    expect(await answers("bigcorp")).toBe(200);
    await fleet.up("--expect-no-changes");
  });
});

describe("Caddy refuses", () => {
  const restarted = async () => {
    await fleet.docker("restart", caddyContainer);
    for (let tries = 0; tries < 50; tries++) {
      const status = await answers("acme").catch(() => 0);
      if (status === 200) return status;
      await sleep(200);
    }
    return answers("acme");
  };

  test("a port that another program holds: the old configuration goes on, also after a restart", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await fleet.configureHost({ httpPort: port });
    const told = await complaint();
    other.close();

    expect(told).toContain("Caddyfile: could not be loaded. The configuration is as it was before.");
    expect(told).toContain(`:${port}: bind: address already in use`);
    expect(told).toContain("Another program holds a port of Caddy's. Stop it, or write other httpPort");
    expect(await answers("acme")).toBe(200);
    expect(await restarted()).toBe(200);

    // The port is free now.
    await fleet.up();
    expect((await visitor.call(`http://acme.localhost:${port}/login`)).status).toBe(308);
  });

  test("a file that somebody broke by hand, and no other: that waits for the person who broke it", async () => {
    const stray = "/etc/caddy/sites/zz-by-hand.caddy";
    await fleet.docker("exec", caddyContainer, "sh", "-c", `echo 'nonsense {' > ${stray}`);
    const now = { acme: { admin: { allow: ["127.0.0.2/32"] } }, bigcorp: {} };
    await fleet.writeTenants(fleetFile(now));
    await fleet.up();
    const admin = `https://acme-admin.localhost:${httpsPort}/`;
    expect((await visitor.call(admin)).status).toBe(403);
    expect(await restarted()).toBe(200);
    expect((await visitor.call(admin)).status).toBe(403);
    await fleet.docker("exec", caddyContainer, "rm", stray);
  });
});

describe("a fleet file with mistakes", () => {
  const mistakes = `rings: { stable: { after: stable } }
tenants:
  acme: { mail: none, release: "2026.99" }
  Big_Corp: { mail: none, release: "2026.11" }
  bigcorp: { mail: none, release: "2026.11", host: eu-9 }
  newcorp: { release: "2026.11" }
`;
  /** Resources and outputs. In plain text, since every run encrypts again; without the manifest, which bears the time. */
  const resources = async () =>
    JSON.parse(await fleet.stack.state({ showSecrets: true })).deployment.resources as unknown;
  let result: RunResult;
  let seconds: number;
  let before: unknown;
  let lived: Record<string, string>;

  beforeAll(async () => {
    before = await resources();
    lived = await lives(fleet);
    await fleet.writeTenants(mistakes);
    const start = Date.now();
    result = await fleet.stack.up();
    seconds = (Date.now() - start) / 1000;
  });

  test.each([
    [1, "rings.stable.after", /a ring cannot follow itself\. Write /],
    [3, "tenants.acme.release", /"2026\.99" is not a release of .+\. (Did you mean|Write) /],
    [4, "tenants.Big_Corp", / (Did you mean|Write) /],
    [5, "tenants.bigcorp.host", /"eu-9" is not a host of stack test \(local\)\. (Did you mean|Write) /],
    [6, "tenants.newcorp.mail", /is missing.+ Write mail: none/],
  ])("line %i: %s, with a remedy", (line, path, words) => {
    const told = diagnostics(result.output)
      .split("\n")
      .find((text) => text.includes(`tenants.yaml:${line}:`) && text.includes(` ${path}: `));
    expect(told).toMatch(words);
  });

  test("stops the run before anything is touched", async () => {
    expect(result.exitCode).not.toBe(0);
    expect(await resources()).toEqual(before);
    expect(await lives(fleet)).toEqual(lived);
  });

  test("is told within 10 seconds", () => {
    expect(seconds).toBeLessThan(10);
  });
});

waitingCases(() => fleet);
lyingCases(() => fleet);
probeCases(() => fleet);
manyCases(() => fleet);
