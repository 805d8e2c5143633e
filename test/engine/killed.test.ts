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

/** Word for word; the flags say yes where an operator would. */
async function documented(): Promise<void> {
  const yes = ["--yes", "--non-interactive"];
  for (const command of [
    ["cancel", "--yes"],
    ["refresh", "--clear-pending-creates", ...yes],
    ["up", ...yes],
  ]) {
    const { exitCode, output } = await fleet.stack.plain(command);
    expect(exitCode, output).toBe(0);
  }
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
  await killWhen(fleet, "container create olympus-firewall");
  expect(await survivors(fleet, 10)).toEqual([]);
  await documented();
  await quiet();
  expect(await login("acme")).toBe(200);
});

describe("a tenant more, killed when the engine has made", () => {
  test.each([
    "network create bigcorp-internal",
    "container create bigcorp-postgres",
    "container create bigcorp-hydra",
  ])("%s", async (made) => {
    const neighbour = await lives(fleet, "acme");
    await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: {} }));
    await killWhen(fleet, made);
    expect(await survivors(fleet, 10)).toEqual([]);
    await documented();
    await quiet();
    expect(await login("bigcorp")).toBe(200);
    expect(await lives(fleet, "acme")).toEqual(neighbour);

    await fleet.writeTenants(fleetFile({ acme: {} }));
    await fleet.up();
  });
});

describe("an upgrade, killed when the engine has", () => {
  const images: Record<string, string> = {};
  const write = () => fleet.writeTenants(fleetFile({ acme: {}, bigcorp: { images } }));
  /** An image of the same program that no container has yet. */
  const newer = (service: keyof typeof fleet.images, label: string) =>
    variantOf(registryDir, fleet.images[service], "engine-test-killed", { Labels: { label } });

  beforeAll(async () => {
    await write();
    await fleet.up();
  });
  afterAll(async () => {
    await fleet.writeTenants(fleetFile({ acme: {} }));
    await fleet.up();
  });

  test.each([
    ["postgres", "container die bigcorp-postgres"],
    ["kratos", "container create bigcorp-kratos-migrate"],
    ["kratos", "container destroy bigcorp-kratos"],
    ["hydra", "container create bigcorp-hydra"],
    ["hera", "container start bigcorp-hera"],
    ["athena", "container destroy bigcorp-athena"],
  ] as const)("of %s: %s", async (service, done) => {
    const neighbour = await lives(fleet, "acme");
    const before = (await containersOf(fleet)).size;
    images[service] = await newer(service, done);
    await write();
    await killWhen(fleet, done);
    expect(await survivors(fleet, 10)).toEqual([]);
    await documented();
    await quiet();
    const after = await containersOf(fleet);
    expect(after.get(`bigcorp-${service}`)?.Config.Image).toBe(images[service]);
    expect(after.size).toBe(before);
    expect(await login("bigcorp")).toBe(200);
    expect(await lives(fleet, "acme")).toEqual(neighbour);
  });
});

test("by `pulumi up --refresh` as well; Pulumi goes on telling what was pending", async () => {
  await fleet.writeTenants(fleetFile({ acme: {}, bigcorp: {} }));
  await killWhen(fleet, "network create bigcorp-egress");
  await fleet.stack.plain(["cancel", "--yes"]);
  const { exitCode, output } = await fleet.stack.plain(["up", "--refresh", "--yes", "--non-interactive"]);
  expect(exitCode, output).toBe(0);
  expect(output).toContain("a run that was cut short has left");
  expect(await login("bigcorp")).toBe(200);
});
