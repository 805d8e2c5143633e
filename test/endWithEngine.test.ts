import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

/** What the SDK does: every uncaught error is written to stderr, and writing to one without a reader is an uncaught error. */
const sdk = 'process.on("uncaughtException", (error) => console.error(error.stack));';
const program = (first: string) =>
  `${sdk} import(${JSON.stringify(first)}).then(() => setInterval(() => console.error("x"), 20));`;
const watched = new URL("../program/endWithEngine.ts", import.meta.url).href;

/** Starts a program as a language host does, kills that after some time, and says whether the program is still there 5 s later. */
async function survives(first: string, afterMs: number): Promise<boolean> {
  const args = ["--import", "tsx", "--input-type=module", "-e", program(first)];
  const host = `
    const child = require("node:child_process").spawn(process.execPath, ${JSON.stringify(args)}, { stdio: "pipe" });
    child.stdout.resume(); child.stderr.resume();
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["-e", host], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(parent.stdout, "data");
  const pid = Number(String(line));
  await sleep(afterMs);
  parent.kill("SIGKILL");
  for (let tries = 0; tries < 50 && isAlive(pid); tries++) await sleep(100);
  const isThere = isAlive(pid);
  if (isThere) process.kill(pid, "SIGKILL");
  return isThere;
}

function isAlive(pid: number): boolean {
  try {
    // What has ended and has nobody to collect it is no longer there.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

test.each([0, 300, 2000])(
  "a program whose engine is killed after %i ms ends",
  async (afterMs) => {
    expect(await survives(watched, afterMs)).toBe(false);
  },
  30_000,
);

test("and would not without it", async () => {
  expect(await survives("node:fs", 2000)).toBe(true);
}, 30_000);
