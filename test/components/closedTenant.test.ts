import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { HostFacts } from "../../backends/docker/facts.ts";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { Host } from "../../components/docker/host/host.ts";
import { TenantStack } from "../../components/docker/tenant/tenantStack.ts";
import type { TenantState } from "../../fleet/tenant/state.ts";
import { config, tenant, host as usual } from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

/** What is declared of a tenant whose services do not run. */

const container = "docker:index/container:Container";

async function declared(state: TenantState, engine: "docker" | "podman" = "docker", facts?: HostFacts) {
  const hostConfig = { ...usual, engine };
  const made = await startMocks();
  const host = new Host("local", { config: hostConfig, tls: config.tls, images: config.hostImages, facts });
  new TenantStack("acme", {
    plan: plannedTenant(tenant("acme", { state }), hostConfig, config),
    host,
    stackSecret: () => pulumi.secret("smtp://x"),
    protectData: true,
  });
  await settled();
  return made.filter(({ name }) => name === "acme" || name.startsWith("acme-"));
}

const named = (made: readonly Made[], name: string) => {
  const one = made.find((candidate) => candidate.name === name);
  if (!one) throw new Error(`${name} is not declared`);
  return one.inputs;
};

describe.each(["suspended", "retired"] as const)("%s", (state) => {
  let made: Made[];
  beforeAll(async () => {
    made = await declared(state);
  });

  test("is its keys, its volume, what holds it, and its site: no network, and nothing else that runs", () => {
    expect(made.map(({ name }) => name).sort()).toEqual([
      "acme",
      "acme-database-password",
      "acme-gate-keeper",
      "acme-keeper",
      "acme-postgres",
      "acme-root-key",
      "acme-vhost",
    ]);
    expect(made.filter(({ type }) => type === container).map(({ name }) => name)).toEqual(["acme-keeper"]);
  });

  test("its keeper has the volume, read-only, and can do nothing", () => {
    const { labels, ...keeper } = named(made, "acme-keeper");
    expect(keeper).toEqual({
      name: "acme-keeper",
      image: "registry.test/firewall:1",
      entrypoints: ["sleep"],
      command: ["2147483647"],
      user: "999:999",
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      readOnly: true,
      ipcMode: "private",
      networkMode: "none",
      mounts: [{ type: "volume", source: "acme-postgres", target: "/kept", readOnly: true }],
      tmpfs: {},
      memory: 16,
      memorySwap: 16,
      cpuShares: 2,
      restart: "always",
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      stopSignal: "SIGKILL",
      stopTimeout: 1,
      destroyGraceSeconds: 1,
    });
    expect(labels).toEqual(
      [
        ["managed-by", "olympus-fleet"],
        ["tenant", "acme"],
        ["service", "keeper"],
        [
          "purpose",
          "holds the volume of acme, which is suspended or retired: prune commands take a volume that nothing runs with",
        ],
      ].map(([label, value]) => ({ label: `olympus-fleet.${label}`, value })),
    );
  });

  test("its gate proves that the keeper runs, by the container's id", () => {
    expect(named(made, "acme-gate-keeper").stdin).toBe(
      "set -eu\n# acme-keeper acme-keeper-id\nlimit acme-keeper 200\nhealthy acme-keeper 60 '' test -d /kept\n",
    );
  });
});

test("one state after the other leaves the keeper as it is: nothing lets go of the volume", async () => {
  expect(named(await declared("retired"), "acme-keeper")).toEqual(
    named(await declared("suspended"), "acme-keeper"),
  );
});

test("volume and keys are the same in every state", async () => {
  const [active, closed] = [await declared("active"), await declared("suspended")];
  for (const name of ["acme-postgres", "acme-root-key", "acme-database-password"]) {
    expect(named(closed, name)).toEqual(named(active, name));
  }
});

test("on Podman, too", async () => {
  const keeper = named(await declared("suspended", "podman"), "acme-keeper");
  expect(keeper).toMatchObject({ networkMode: "none", user: "999:999", stopSignal: "SIGKILL" });
});

test.each([
  ["stopped", { isOurs: true, isPaused: false, isFailing: false, exitCode: 137, networks: [] }],
  ["paused", { isOurs: true, isPaused: true, isFailing: false, exitCode: undefined, networks: [] }],
])("a keeper that somebody has %s is found, and its gate runs again", async (how, fact) => {
  const facts: HostFacts = {
    asked: "now",
    containers: new Map([["acme-keeper", { ...fact, id: "acme-keeper-id" }]]),
    networks: new Map(),
    volumes: new Map(),
    checks: new Map(),
    files: undefined,
    runsWhatWasPublished: undefined,
    isGuarded: undefined,
  };
  const made = await declared("suspended", "docker", facts);
  expect(named(made, "acme-gate-keeper").environment).toMatchObject({
    FOUND: `acme-keeper ${how} at now`,
  });
});
