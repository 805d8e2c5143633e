import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fileBackend } from "../../lab/stack/backend.ts";
import { isDead, locksOf } from "../../lab/stack/locks.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-locks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the locks of a stack are found below the lab's own backend, which writes no metadata", async () => {
  const { PULUMI_BACKEND_URL: url } = await fileBackend(folder);
  expect(url).toBe(`file://${folder}/state?metadata=skip`);
  const locks = join(folder, "state/.pulumi/locks/organization/olympus-fleet/dev");
  mkdirSync(locks, { recursive: true });
  writeFileSync(join(locks, "1.json"), JSON.stringify({ pid: 4242, hostname: "here" }));
  expect(locksOf(url, "dev")).toEqual([{ host: "here", pid: 4242 }]);
  expect(locksOf(url, "prod")).toEqual([]);
  expect(locksOf("s3://bucket", "dev")).toEqual([]);
});

describe("a lock is released only where its run certainly lives no more", () => {
  const host = hostname();
  let parent: ChildProcess;
  let pid: number;

  beforeAll(async () => {
    const program = join(folder, "pulumi-that-waits");
    copyFileSync("/bin/sleep", program);
    // A parent that never asks how its child ended: the child's number stays taken, as below a first process that does not.
    parent = spawn("sh", ["-c", `"${program}" 60 & echo $!; exec sleep 60`], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = await once(parent.stdout as NonNullable<typeof parent.stdout>, "data");
    pid = Number(line);
    await vi.waitUntil(() => readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi"));
  });
  afterAll(() => {
    parent.kill("SIGKILL");
  });

  test("not while it runs, nor where it ran on another machine", () => {
    expect(isDead({ host, pid })).toBe(false);
    expect(isDead({ host: "another", pid: 2 ** 22 + 1 })).toBe(false);
  });

  test("once it was killed, though nobody has asked yet how it ended", async () => {
    process.kill(pid, "SIGKILL");
    await vi.waitUntil(() => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z "));
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(isDead({ host, pid })).toBe(true);
  });

  test("where no process has its number, or another program has", () => {
    expect(isDead({ host, pid: 2 ** 22 + 1 })).toBe(true);
    expect(isDead({ host, pid: process.pid })).toBe(true);
  });
});
