import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureDocker } from "../../lab/docker/engine.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages } from "../../lab/images/images.ts";
import { projectDir } from "../../lab/paths.ts";
import { labelled } from "../harness/containers.ts";
import { claimEngine, releaseEngine } from "../harness/engineClaim.ts";
import { EngineClient } from "../harness/engineClient.ts";
import { hostRules } from "../harness/hostRules.ts";
import { httpPort, httpsPort } from "../harness/testFleet.ts";

const ports = ["--https-port", String(httpsPort), "--http-port", String(httpPort)];
const up = [...ports, "--images", "lab"];

/** A state folder of its own: nobody's demo is touched, and nothing that the lab has started is ended. */
let state: string;
let dockerHost: string;
let firewall: string;

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

class Demo {
  readonly child: ChildProcess;
  private readonly text = { stdout: "", stderr: "" };

  constructor(...args: string[]) {
    // A process group of its own, so that a kill reaches all of it, as the end of a terminal would.
    this.child = spawn(process.execPath, ["--import", "tsx", "lab/demo.ts", ...args], {
      cwd: projectDir,
      env: { ...process.env, OLYMPUS_FLEET_STATE: state, DOCKER_HOST: dockerHost },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const name of ["stdout", "stderr"] as const) {
      this.child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
        this.text[name] += chunk;
      });
    }
  }

  async ended(): Promise<Ended> {
    await once(this.child, "close");
    return { exitCode: this.child.exitCode, ...this.text };
  }

  async kill(): Promise<void> {
    const closed = once(this.child, "close");
    process.kill(-(this.child.pid ?? 0), "SIGKILL");
    await closed;
  }
}

/**
 * Command lines of the processes that run for this demo, no matter who their parent is by now. Without providers: those
 * ask for their engine every five minutes, which is Pulumi's own doing.
 */
async function processes(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const lines = await Promise.all(
    pids.map(async (pid) =>
      (await read(pid, "environ")).includes(`OLYMPUS_FLEET_STATE=${state}`) ? await read(pid, "cmdline") : "",
    ),
  );
  return lines
    .filter((line) => line !== "" && !line.includes("/pulumi-resource-"))
    .map((line) => line.replaceAll("\0", " "));
}

/** Names of everything of ours on the engine. */
async function left(): Promise<string[]> {
  const engine = new EngineClient(dockerHost);
  const kinds = ["container", "network", "volume"] as const;
  return (await Promise.all(kinds.map((kind) => labelled(engine, kind)))).flat();
}

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "olympus-demo-"));
  dockerHost = (await ensureDocker()).host;
  await claimEngine(dockerHost);
  firewall = (await ensureImages(await ensureRegistry())).firewall;
});
afterAll(async () => {
  if (existsSync(join(state, "demo"))) await new Demo("down").ended();
  await releaseEngine(dockerHost);
  await rm(state, { recursive: true, force: true });
});

test("a port that is taken: one line that says which, and how to choose another; nothing is made", async () => {
  const other = createServer().listen(httpsPort);
  await once(other, "listening");
  const { exitCode, stderr } = await new Demo(...up).ended();
  other.close();
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`Port ${httpsPort} of this machine is taken by another program.`);
  expect(stderr).toContain("npm run demo -- --https-port");
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(await left()).toEqual([]);
});

test("a run that is killed in the middle is finished by the next", async () => {
  const killed = new Demo(...up);
  // Containers of a tenant are just being made.
  while (!(await left()).includes("acme-kratos-migrate") && killed.child.exitCode === null) await sleep(50);
  await killed.kill();
  expect((await left()).length).toBeGreaterThan(4);
  // Nothing of it goes on in the dark.
  for (let tries = 0; tries < 40 && (await processes()).length > 0; tries++) await sleep(250);
  expect(await processes()).toEqual([]);

  const { exitCode, stdout, stderr } = await new Demo(...up).ended();
  expect(stderr).not.toContain("error:");
  expect(exitCode).toBe(0);
  for (const tenant of ["acme", "bigcorp"]) {
    expect(stdout).toContain(`https://${tenant}.localhost:${httpsPort}/login`);
    expect(stdout).toContain(`https://${tenant}-admin.localhost:${httpsPort}`);
    expect(stdout).toContain(`admin@${tenant}.localhost`);
  }
  const passwords = [...stdout.matchAll(/^ +password +(\S+)$/gm)].map(([, password]) => password);
  expect(new Set(passwords).size).toBe(2);
  for (const password of passwords) expect(password).toMatch(/^[\w-]{20,}$/);
});

test("a second run changes nothing, and prints the same", async () => {
  const { exitCode, stdout, stderr } = await new Demo(...up).ended();
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/Resources:\s+57 unchanged/);
  expect(stderr).not.toContain("cut short");
  expect(stdout).toContain(`https://acme.localhost:${httpsPort}/login`);
});

test("down leaves nothing but the cache", async () => {
  const { exitCode, stderr } = await new Demo("down").ended();
  expect(exitCode, stderr).toBe(0);
  expect(await left()).toEqual([]);
  expect(existsSync(join(state, "demo"))).toBe(false);
  expect(await hostRules(dockerHost, firewall)).not.toMatch(/oly-|OLYMPUS/);
  // The engine and the registry were not this demo's.
  expect((await ensureDocker()).host).toBe(dockerHost);
});

test("down where there is no demo says so", async () => {
  const { exitCode, stderr } = await new Demo("down").ended();
  expect(exitCode).toBe(0);
  expect(stderr).toContain("There is no demo on this machine.");
});
