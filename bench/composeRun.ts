import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { DockerTenant } from "../backends/docker/tenant.ts";
import { LabError } from "../lab/progress.ts";
import { composeFile } from "./compose.ts";

/** Debian's docker-compose, the baseline that operators have today. */
export async function ensureCompose(): Promise<void> {
  const found = await execa("docker-compose", ["version", "--short"], { reject: false });
  if (found.exitCode === 0) return;
  const installed = await execa(
    "apt-get",
    ["install", "--yes", "--no-install-recommends", "docker-compose"],
    {
      reject: false,
      env: { DEBIAN_FRONTEND: "noninteractive" },
    },
  );
  if (installed.exitCode !== 0)
    throw new LabError("docker-compose is missing. As root: apt-get install docker-compose");
}

async function healthyCount(tenants: readonly string[]): Promise<number> {
  const { stdout } = await execa("docker", ["ps", "--filter", "health=healthy", "--format", "{{.Names}}"]);
  return stdout.split("\n").filter((name) => tenants.some((tenant) => name.startsWith(`${tenant}-`))).length;
}

/**
 * Brings all tenants up side by side, one compose project each, and removes them.
 *
 * @returns seconds from nothing until the engine calls every service healthy
 */
export async function timeCompose(plans: readonly DockerTenant[], intervalSeconds: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "olympus-compose-"));
  const compose = (plan: DockerTenant, ...args: string[]) =>
    execa("docker-compose", ["-p", plan.tenant, "-f", join(folder, `${plan.tenant}.yaml`), ...args], {
      reject: false,
      all: true,
    });
  const all = (...args: string[]) => Promise.all(plans.map((plan) => compose(plan, ...args)));
  try {
    for (const plan of plans) {
      await writeFile(join(folder, `${plan.tenant}.yaml`), composeFile(plan, intervalSeconds));
    }
    const services = plans.flatMap(({ workloads }) => workloads.filter(({ kind }) => kind === "service"));
    const start = performance.now();
    const results = await all("up", "-d");
    const failed = results.find(({ exitCode }) => exitCode !== 0);
    if (failed) throw new Error(failed.all);
    while ((await healthyCount(plans.map(({ tenant }) => tenant))) < services.length) await sleep(200);
    return (performance.now() - start) / 1000;
  } finally {
    await all("down", "-v", "-t", "5");
    await rm(folder, { recursive: true, force: true });
  }
}
