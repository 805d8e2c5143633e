import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { managedBy } from "../../fleet/names.ts";
import { ensureDocker } from "../../lab/docker/engine.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages } from "../../lab/images/images.ts";
import { labelled } from "../harness/containers.ts";
import { claimEngine, releaseEngine } from "../harness/engineClaim.ts";
import { EngineClient } from "../harness/engineClient.ts";

/** What a run that is killed leaves on the engine, and what the next one makes of it. */
const name = "olympus-test-remains";
/** Not the one by which this file has the engine to itself meanwhile. */
const claim = "olympus-test-claim-of-remains";
const label = ["--label", `olympus-fleet.managed-by=${managedBy}`];
let engine: EngineClient;
let image: string;

/** Everything of a fleet, in small: a container that is always restarted, its network and its volume. */
async function makeFleet(from = image): Promise<void> {
  await engine.docker("network", "create", "--internal", ...label, name);
  await engine.docker("volume", "create", ...label, name);
  const options = [
    "--network",
    name,
    "--volume",
    `${name}:/data`,
    "--restart",
    "always",
    "--entrypoint",
    "sh",
  ];
  await engine.docker("run", "--detach", "--name", name, ...label, ...options, from, "-c", "exec sleep 600");
}

const left = async () =>
  [
    ...(await engine.docker("ps", "--all", "--filter", `name=${name}`, "--format", "{{.Names}}")).split("\n"),
    ...(await labelled(engine, "network")),
    ...(await labelled(engine, "volume")),
  ].filter(Boolean);

/** A process of its own that claims the engine; killed at the end. */
async function claimElsewhere() {
  const child = fork("test/harness/engineClaimProcess.ts", [engine.dockerHost, claim], {
    execArgv: ["--import", "tsx"],
  });
  await once(child, "message");
  return {
    pid: child.pid,
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

beforeAll(async () => {
  engine = new EngineClient((await ensureDocker()).host);
  await claimEngine(engine.dockerHost);
  image = (await ensureImages(await ensureRegistry())).postgres;
  await engine.docker("pull", "--quiet", image);
});
afterEach(async () => {
  await engine.tryDocker("rm", "--force", "--volumes", name);
  await engine.tryDocker("network", "rm", name);
  await engine.tryDocker("volume", "rm", name);
  await releaseEngine(engine.dockerHost, claim);
});

describe("a fleet on the engine", () => {
  test("of a test run that was killed is removed by the next", async () => {
    const run = await claimElsewhere();
    await makeFleet();
    await run.kill();
    await claimEngine(engine.dockerHost, claim);
    expect(await left()).toEqual([]);
  });

  test("that this run's last file has left is removed by its next", async () => {
    await claimEngine(engine.dockerHost, claim);
    await makeFleet();
    await claimEngine(engine.dockerHost, claim);
    expect(await left()).toEqual([]);
  });

  test("of a test run that lives is left alone, and waited for", async () => {
    const run = await claimElsewhere();
    await makeFleet();
    let isOurs = false;
    const claimed = claimEngine(engine.dockerHost, claim).then(() => {
      isOurs = true;
    });
    await sleep(2_500);
    expect(isOurs).toBe(false);
    expect(await left()).toEqual([name, name, name]);
    await run.kill();
    await claimed;
    expect(await left()).toEqual([]);
  });

  test("that no test run has made is left alone, and the engine can be claimed once it is gone", async () => {
    await makeFleet();
    await expect(claimEngine(engine.dockerHost, claim)).rejects.toThrow(
      `A fleet is on ${engine.dockerHost} (${name}`,
    );
    expect(await left()).toEqual([name, name, name]);
    await engine.docker("rm", "--force", "--volumes", name);
    await engine.docker("network", "rm", name);
    await engine.docker("volume", "rm", name);
    await claimEngine(engine.dockerHost, claim);
  });

  test("with an image that is not the lab's is nobody's remains", async () => {
    const run = await claimElsewhere();
    await engine.docker("tag", image, "registry.example/postgres:16");
    await makeFleet("registry.example/postgres:16");
    await run.kill();
    await expect(claimEngine(engine.dockerHost, claim)).rejects.toThrow("A fleet is on");
    expect(await left()).toEqual([name, name, name]);
  });
});

afterAll(async () => {
  await engine.tryDocker("rmi", "registry.example/postgres:16");
  await releaseEngine(engine.dockerHost);
});
