import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registryDir } from "../../lab/docker/registry.ts";
import { variantOf } from "../../lab/images/publish.ts";
import { containersOf, lives } from "../harness/containers.ts";
import { killWhen, survivors } from "../harness/killed.ts";
import { fleetFile, httpsPort, TestFleet } from "../harness/testFleet.ts";
import { Visitor } from "../harness/visitor.ts";

/** A run that is killed is finished by the commands that docs/operate.md has for it, and by nothing else. */

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme: {} }));
});
afterAll(() => fleet?.destroy());

const yes = ["--yes", "--non-interactive"];

async function run(command: readonly string[]): Promise<void> {
  const { exitCode, output } = await fleet.stack.plain(command);
  expect(exitCode, output).toBe(0);
}

/** The first two of the documented commands. The third is `up`. */
async function tidy(): Promise<void> {
  await run(["cancel", "--yes"]);
  await run(["refresh", "--clear-pending-creates", ...yes]);
}

/** Word for word; the flags say yes where an operator would. */
async function documented(): Promise<void> {
  await tidy();
  await run(["up", ...yes]);
}

/** An `up` that is killed, and leaves no process behind. */
async function killed(done: string): Promise<void> {
  await killWhen(fleet, done);
  expect(await survivors(fleet, 10)).toEqual([]);
}

async function quiet(): Promise<void> {
  const { exitCode, output } = await fleet.stack.plain([
    "up",
    "--yes",
    "--non-interactive",
    "--expect-no-changes",
  ]);
  expect(exitCode, output).toBe(0);
  expect(output).toMatch(/Resources:\s+\d+ unchanged\n/);
  expect(output).not.toMatch(/warning|cut short/);
}

const login = async (tenant: string) =>
  (await (await Visitor.of(fleet)).call(`https://${tenant}.localhost:${httpsPort}/login`)).status;

test("the very first run, killed when it has made the host's own container", async () => {
  await killed("container create olympus-firewall");
  await documented();
  await quiet();
  expect(await login("acme")).toBe(200);
});

describe("a tenant more, killed when the engine has made", () => {
  let neighbour: unknown;
  beforeAll(async () => {
    neighbour = await lives(fleet, "acme");
    await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: {} }));
  });

  // Each run goes on from the one that was killed before.
  test.each([
    "network create bigcorp-internal",
    "container create bigcorp-postgres",
    "container create bigcorp-hydra",
  ])("%s", async (made) => {
    await killed(made);
    await tidy();
  });

  test("is finished after all of that, with nothing twice and its neighbour left alone", async () => {
    await run(["up", ...yes]);
    await quiet();
    expect(await login("bigcorp")).toBe(200);
    expect(await lives(fleet, "acme")).toEqual(neighbour);
  });
});

/** Images that bigcorp has in place of its release's. */
const images: Record<string, string> = {};

describe("an upgrade, killed when the engine has", () => {
  let neighbour: unknown;
  let before: number;
  /** An image of the same program that no container has yet. */
  const newer = (service: keyof typeof fleet.images, label: string) =>
    variantOf(registryDir, fleet.images[service], "engine-test-killed", { Labels: { label } });

  beforeAll(async () => {
    neighbour = await lives(fleet, "acme");
    before = (await containersOf(fleet)).size;
  });

  // Each run goes on from the one that was killed before, and has another service to replace.
  test.each([
    ["postgres", "container die bigcorp-postgres"],
    ["kratos", "container create bigcorp-kratos-migrate"],
    ["kratos", "container destroy bigcorp-kratos"],
    ["hydra", "container create bigcorp-hydra"],
    ["hera", "container start bigcorp-hera"],
    ["athena", "container destroy bigcorp-athena"],
  ] as const)("of %s: %s", async (service, done) => {
    images[service] = await newer(service, done);
    await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: { images } }));
    await killed(done);
    await tidy();
  });

  test("is finished after all of that, with nothing twice and its neighbour left alone", async () => {
    await run(["up", ...yes]);
    await quiet();
    const after = await containersOf(fleet);
    for (const [service, image] of Object.entries(images)) {
      expect(after.get(`bigcorp-${service}`)?.Config.Image).toBe(image);
    }
    expect(after.size).toBe(before);
    expect(await login("bigcorp")).toBe(200);
    expect(await lives(fleet, "acme")).toEqual(neighbour);
  });
});

test("by `pulumi up --refresh` as well; Pulumi goes on telling what was pending", async () => {
  await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: { images }, clinic: {} }));
  await killed("network create clinic-egress");
  await run(["cancel", "--yes"]);
  const { exitCode, output } = await fleet.stack.plain(["up", "--refresh", ...yes]);
  expect(exitCode, output).toBe(0);
  expect(output).toContain("a run that was cut short has left");
  expect(await login("clinic")).toBe(200);
});
