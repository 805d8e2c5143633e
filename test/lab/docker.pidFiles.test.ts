import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { removeStalePidFiles } from "../../lab/docker/pidFiles.ts";

let run: string;
const file = (name: string) => join(run, name);

beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), "olympus-fleet-test-"));
  mkdirSync(file("docker/containerd"), { recursive: true });
});
afterEach(() => rmSync(run, { recursive: true }));

test("numbers that are another program's by now, or nobody's, are forgotten", async () => {
  writeFileSync(file("docker.pid"), String(process.pid));
  writeFileSync(file("docker/containerd/containerd.pid"), "4194305\n");
  expect(await removeStalePidFiles(run)).toEqual(["docker.pid", "docker/containerd/containerd.pid"]);
  expect(existsSync(file("docker.pid"))).toBe(false);
});

test("a dockerd that runs keeps its own", async () => {
  symlinkSync("/bin/sleep", file("dockerd"));
  const daemon = spawn(file("dockerd"), ["60"]);
  onTestFinished(() => void daemon.kill());
  const comm = () => readFileSync(`/proc/${daemon.pid}/comm`, "utf8").trim();
  await vi.waitUntil(() => comm() === "dockerd");
  writeFileSync(file("docker.pid"), String(daemon.pid));
  expect(await removeStalePidFiles(run)).toEqual([]);
  expect(existsSync(file("docker.pid"))).toBe(true);
});

test("where there are none, there is nothing to do", async () => {
  expect(await removeStalePidFiles(run)).toEqual([]);
});
