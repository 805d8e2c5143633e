import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { fileBackend } from "../lab/stack/backend.ts";
import { ensurePulumi } from "../lab/toolchain/pulumi.ts";
import { writeFleet } from "./plan.ts";

const root = join(import.meta.dirname, "..");

/** What a preview took. */
interface Cost {
  readonly seconds: number;
  /** Processor time of the program, which other work on the machine changes less. */
  readonly cpuSeconds: number;
  /** Of the program, at most. */
  readonly rssMiB: number;
  readonly resources: number;
}

/**
 * `pulumi preview` of a stack that has nothing yet.
 *
 * @param project the folder of the program
 * @param folder has the stack's files
 */
async function preview(
  project: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Cost> {
  const toolchain = await ensurePulumi();
  const usage = join(folder, "usage");
  // The program's own last word: no other program has to be there to measure it. Only the largest counts.
  const report = `import { appendFileSync } from "node:fs";
    process.on("exit", () => {
      const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
      appendFileSync(${JSON.stringify(usage)}, maxRSS + " " + (userCPUTime + systemCPUTime) + "\\n");
    });`;
  const options = {
    cwd: project,
    env: { ...toolchain.env, ...(await fileBackend(folder)), ...env },
    reject: false,
    all: true,
  } as const;
  const stack = ["--stack", "bench", "--config-file", join(folder, "Pulumi.prod.yaml")];
  const quiet = ["--non-interactive", "--color", "never"];
  await execa(toolchain.pulumi, ["stack", "init", "bench", "--no-select", "--non-interactive"], {
    ...options,
    reject: true,
  });
  // It leaves a file in the checkout that nobody reads: ours is elsewhere.
  await rm(join(project, "Pulumi.bench.yaml"), { force: true });
  const start = performance.now();
  const { exitCode, all } = await execa(toolchain.pulumi, ["preview", ...stack, ...quiet], {
    ...options,
    env: {
      ...options.env,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import data:text/javascript,${encodeURIComponent(report)}`,
    },
  });
  const seconds = (performance.now() - start) / 1000;
  if (exitCode !== 0) throw new Error(all);
  const programs = (await readFile(usage, "utf8"))
    .trim()
    .split("\n")
    .map((text) => text.split(" ").map(Number));
  const most = (column: number) => Math.max(...programs.map((figures) => figures[column] ?? 0));
  const resources = Number(/\+ (\d+) to create/.exec(all)?.[1]);
  return { seconds, cpuSeconds: most(1) / 1e6, rssMiB: most(0) / 1024, resources };
}

/** @param from the checkout whose program is asked; its own stacks are left alone */
async function ofFleet(from: string, tenants: number): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), "olympus-preview-bench-"));
  try {
    await writeFleet(folder, tenants);
    const config = join(folder, "Pulumi.prod.yaml"); // as writeFleet() names it
    const files = ["tenants", "releases"].map(
      (name) => `  olympus:${name}File: ${join(folder, `${name}.yaml`)}\n`,
    );
    await writeFile(
      config,
      `${await readFile(config, "utf8")}  olympus:dns: { provider: none }\n${files.join("")}`,
    );
    return await preview(from, folder, {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As many bare containers, with as many variables: what Pulumi takes by itself. */
async function ofFloor(tenants: number): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), "olympus-floor-bench-"));
  try {
    return await preview(join(root, "bench/floor"), folder, { FLOOR_TENANTS: String(tenants) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const row = (tenants: number, what: string, { seconds, cpuSeconds, rssMiB, resources }: Cost) =>
  `| ${tenants} | ${what} | ${resources} | ${seconds.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${rssMiB.toFixed(0)} |`;

/**
 * Time and memory of a preview from nothing by size of the fleet, beside a floor, and beside another checkout if
 * `BENCH_BESIDE` names one. `BENCH_FLOOR=no` leaves the floor out, which takes longest.
 */
export async function previews(sizes: readonly number[]): Promise<string> {
  const beside = process.env.BENCH_BESIDE;
  const rows: string[] = [];
  for (const size of sizes) {
    if (process.env.BENCH_FLOOR !== "no") rows.push(row(size, "bare containers", await ofFloor(size)));
    if (beside !== undefined) rows.push(row(size, "the other checkout", await ofFleet(beside, size)));
    rows.push(row(size, "this fleet", await ofFleet(root, size)));
  }
  return [
    "| tenants | program | resources | preview from nothing, s | processor time of the program, s | memory of the program, MiB |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
