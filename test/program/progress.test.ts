import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { Host } from "../../components/docker/host/host.ts";
import { isPassed, type TenantStep } from "../../components/docker/tenant/steps.ts";
import { TenantStack } from "../../components/docker/tenant/tenantStack.ts";
import { type Told, tellProgress } from "../../program/progress.ts";
import { settled, startMocks } from "../components/mocks.ts";
import { config, host as hostConfig, tenant } from "../fixtures.ts";

/** What is said on whose row, and whether it is kept for the end of the run. */
interface Said {
  readonly row: string;
  readonly words: string;
  readonly ephemeral: boolean | undefined;
}

let said: Said[] = [];

beforeEach(() => {
  said = [];
  vi.spyOn(pulumi.log, "info").mockImplementation(async (words, resource, _stream, ephemeral) => {
    const urn = resource?.urn ?? pulumi.output("nobody's");
    const row = await new Promise<string>((resolve) => urn.apply(resolve));
    said.push({ row: row.split("::").at(-1) ?? "", words, ephemeral });
  });
});
afterEach(() => vi.restoreAllMocks());

/** All that is said, which must be so many messages. */
async function heard(messages: number): Promise<readonly Said[]> {
  await settled();
  await vi.waitFor(() => expect(said.length).toBeGreaterThanOrEqual(messages));
  // One that is too many comes as soon as its step is known to be done.
  await setTimeout(50);
  expect(said).toHaveLength(messages);
  return said;
}

/** Tenants on a host, of a run in which some resources are left alone, as Pulumi does under --continue-on-error. */
async function made(tenants: readonly Parameters<typeof tenant>[], isLeftAlone?: (name: string) => boolean) {
  await startMocks(isLeftAlone);
  const host = new Host("local", { config: hostConfig, tls: config.tls, images: config.hostImages });
  return tenants.map(([name, change]): Told => {
    const plan = plannedTenant(tenant(name, change), hostConfig, config);
    const stackSecret = () => pulumi.secret("smtp://x");
    const stack = new TenantStack(name, { plan, host, stackSecret, protectData: true });
    return { tenant: name, ring: "canary", stack };
  });
}

const noon = () => new Date("2026-11-28T12:00:00Z");
const stepsOf = (row: string) =>
  said.filter((one) => one.row === row).map(({ words }) => words.split("; ").at(0));

test("each tenant that changes has its steps on its own row, in order, and none is kept for the end", async () => {
  const [acme, bigcorp] = await made([["acme"], ["bigcorp", { state: "suspended" }], ["other"]]);
  if (!acme || !bigcorp) throw new Error("not made");
  tellProgress([acme, bigcorp], noon);
  const all = await heard(7);
  expect(new Set(all.map(({ row }) => row))).toEqual(new Set(["acme", "bigcorp"]));
  expect(all.every(({ ephemeral }) => ephemeral === true)).toBe(true);
  expect(stepsOf("acme")).toEqual([
    "step 1 of 5, images on the host",
    "step 2 of 5, databases prepared",
    "step 3 of 5, Kratos and Hydra up",
    "step 4 of 5, all services up and tried",
    "step 5 of 5, site in place",
  ]);
  expect(stepsOf("bigcorp")).toEqual([
    "step 1 of 2, data kept, without services",
    "step 2 of 2, site in place",
  ]);
  expect(all.at(-1)?.words).toMatch(/none in ring canary, none in all$/);
});

test("in a preview, and of a fleet with which nothing is to be done, nobody looks at a step, and nothing is said", async () => {
  const tenants = await made([["acme"]]);
  const looked = vi.spyOn(pulumi, "all");
  tellProgress([], noon);
  const isDryRun = vi.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(true);
  tellProgress(tenants, noon);
  expect(looked).not.toHaveBeenCalled();
  expect(await heard(0)).toEqual([]);
  isDryRun.mockRestore();
  tellProgress(tenants, noon);
  expect(looked).toHaveBeenCalledTimes(5);
  await heard(5);
});

test("one whose step fails is not done, and not to come any more", async () => {
  const tenants = await made([["acme"], ["bigcorp"]], (name) =>
    ["acme-gate-bootstrap", "acme-hera", "acme-athena", "acme-gate-ready", "acme-vhost"].includes(name),
  );
  tellProgress(tenants, noon);
  const all = await heard(7);
  expect(stepsOf("acme")).toEqual(["step 1 of 5, images on the host", "step 2 of 5, databases prepared"]);
  expect(stepsOf("bigcorp")).toHaveLength(5);
  expect(all.at(-1)?.words).toBe(
    "step 5 of 5, site in place; to come besides bigcorp: none in ring canary, none in all",
  );
});

describe("a step", () => {
  class Thing extends pulumi.CustomResource {
    readonly image = pulumi.output("registry.test/hydra:1");
    constructor(name: string) {
      super("test:index:Thing", name, {});
    }
  }
  const passed = async (step: (there: Thing) => TenantStep) => {
    await startMocks((name) => name === "gone");
    const found = new Promise<boolean>((resolve) => isPassed(step(new Thing("there"))).apply(resolve));
    return found;
  };

  test("is passed once what it makes is there, of the images that are planned", async () => {
    const containers = (there: Thing, image: string) => [{ resource: there, image }];
    expect(await passed((there) => ({ name: "site", once: [there] }))).toBe(true);
    expect(
      await passed((there) => ({
        name: "ready",
        once: [there],
        containers: containers(there, "registry.test/hydra:1"),
      })),
    ).toBe(true);
    // As with --target, where Pulumi leaves the others as they are.
    expect(
      await passed((there) => ({
        name: "ready",
        once: [there],
        containers: containers(there, "registry.test/hydra:2"),
      })),
    ).toBe(false);
    expect(await passed((there) => ({ name: "site", once: [there, new Thing("gone")] }))).toBe(false);
    // A command that was there, and has failed now: of that Pulumi knows the id.
    const failed = (there: Thing) => ({ id: there.id, stdout: new Thing("gone").id });
    expect(await passed((there) => ({ name: "site", once: [failed(there)] }))).toBe(false);
  });
});
