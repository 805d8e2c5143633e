import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";

const state = mkdtempSync(join(tmpdir(), "olympus-fleet-test-"));
vi.stubEnv("OLYMPUS_FLEET_STATE", state);
const { runningPid, startInBackground, stopInBackground } = await import("../../lab/docker/processes.ts");
afterAll(async () => {
  await stopInBackground("napper", 1);
  rmSync(state, { recursive: true });
});

const nap = () => startInBackground("napper", process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);

test("two starts at once make one process, which stop ends", async () => {
  const [one, two] = await Promise.all([nap(), nap()]);
  const pid = await runningPid("napper");
  expect(pid).toBeGreaterThan(0);
  expect([await one.alive(), await two.alive()]).toEqual([true, true]);

  expect(await stopInBackground("napper", 5)).toBe(true);
  expect(await runningPid("napper")).toBeUndefined();
  expect(await stopInBackground("napper", 5)).toBe(false);
});

test("a pid that now belongs to another program is left alone", async () => {
  // This very process, but as if it had started at another time: a pid that came round again.
  await writeFile(join(state, "napper.pid"), `${process.pid} 1\n`);
  expect(await stopInBackground("napper", 1)).toBe(false);
});

test("a process that ends at once is noticed, its output kept, and the next start is free", async () => {
  const failed = await startInBackground("napper", process.execPath, ["-e", "console.error('no luck')"]);
  await vi.waitUntil(async () => !(await failed.alive()), { timeout: 1_500, interval: 20 });
  expect(await readFile(failed.log, "utf8")).toBe("no luck\n");

  const missing = await startInBackground("napper", "/no/such/program", []);
  await vi.waitUntil(async () => !(await missing.alive()), { timeout: 500, interval: 20 });
  expect(await (await nap()).alive()).toBe(true);
});
