import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { machineFacts } from "../../../reports/doctor/facts/machine.ts";
import { type ProbeQuestions, probeScript } from "../../../reports/doctor/probe.ts";

const questions: ProbeQuestions = {
  engine: "docker",
  socket: "/nowhere/docker.sock",
  dataRoot: "/var/lib/nowhere/docker",
  urls: [],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-probe-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script as a host would, in an empty folder. */
function run(given: Partial<ProbeQuestions> = {}, env: Readonly<Record<string, string>> = {}) {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const result = spawnSync("sh", ["-s"], {
    input: probeScript({ ...questions, ...given }),
    encoding: "utf8",
    cwd: home,
    timeout: 60_000,
    env: { PATH: process.env.PATH ?? "", HOME: home, ...env },
  });
  return { ...result, left: readdirSync(home) };
}

/** Puts a program in front of all others. */
function stub(name: string, script: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return `${bin}${delimiter}${process.env.PATH}`;
}

describe("the script", () => {
  test("tells of this machine, complains of nothing, and leaves nothing behind", () => {
    const { status, stdout, stderr, left } = run();
    expect([status, stderr, left]).toEqual([0, "", []]);
    const facts = machineFacts(stdout);
    expect(facts.isWhole).toBe(true);
    expect(facts.user.name).not.toBe("?");
    if (process.platform !== "linux") return;
    expect(facts.memoryMiB).toBeGreaterThan(100);
    expect(facts.disk?.totalMiB).toBeGreaterThan(100);
    expect(facts.socket.isThere).toBe(false);
  });

  test("begins with the clock, so that the time of the rest does not count", () => {
    expect(run().stdout).toMatch(/^clock=\d{10}\n/);
  });

  test("does nothing when it arrives in half", () => {
    const whole = probeScript(questions);
    for (const part of [0.3, 0.6, 0.95]) {
      const input = whole.slice(0, Math.floor(whole.length * part));
      expect(spawnSync("sh", ["-s"], { input, encoding: "utf8" }).stdout).toBe("");
    }
  });

  test("asks for the disk of the nearest folder that exists", () => {
    expect(machineFacts(run({ dataRoot: join(folder, "a/b/c") }).stdout).disk?.folder).toBe(folder);
  });

  test("takes a path as it is, whatever is in it", () => {
    const strange = join(folder, "it's $(touch evil) `here`");
    mkdirSync(strange);
    const { stdout, left } = run({ dataRoot: strange });
    expect(machineFacts(stdout).disk?.folder).toBe(strange);
    expect(left).toEqual([]);
  });

  test("hears the engine's command where it is, and its complaint", () => {
    const PATH = stub("docker", 'echo "permission denied" >&2; exit 1');
    const { command } = machineFacts(run({}, { PATH }).stdout);
    expect(command).toEqual({ path: join(folder, "bin/docker"), answer: "permission denied" });
  });

  test("calls Podman by its own command and at its own socket", () => {
    const PATH = stub("podman", 'echo "$*"');
    const { command } = machineFacts(
      run({ engine: "podman", socket: "/run/podman/podman.sock" }, { PATH }).stdout,
    );
    expect(command.answer).toBe(
      "--url unix:///run/podman/podman.sock version --format {{.Server.APIVersion}}",
    );
  });

  test("tells of an address that cannot be opened, and of one that can", () => {
    const PATH = stub("curl", 'case "$*" in *-k*good*) exit 0 ;; *) exit 60 ;; esac');
    const urls = [
      { url: "https://good.example/directory", isPrivatelySigned: true },
      { url: "https://bad.example/directory", isPrivatelySigned: false },
    ];
    expect([...machineFacts(run({ urls }, { PATH }).stdout).urls].sort()).toEqual([
      ["https://bad.example/directory", "certificate"],
      ["https://good.example/directory", "opens"],
    ]);
  });

  test("waits for nothing that hangs", () => {
    // Whatever has a limit has a shorter one here; what has none keeps the test waiting.
    const { PATH = "" } = process.env;
    stub("timeout", `shift; PATH='${PATH}'; exec timeout 0.2 "$@"`);
    const hanging = [
      "docker",
      "df",
      "iptables",
      "ufw",
      "firewall-cmd",
      "systemctl",
      "timedatectl",
      "chronyc",
      "sshd",
      "curl",
    ];
    const found = hanging.map((name) => stub(name, "exec sleep 300")).at(-1) ?? "";
    const urls = [{ url: "https://acme.example/directory", isPrivatelySigned: false }];
    const { stdout } = run({ urls }, { PATH: found, SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" });
    expect(machineFacts(stdout).isWhole).toBe(true);
  });

  test("comes to its end where there is hardly a program", () => {
    const bin = join(folder, "few");
    mkdirSync(bin);
    for (const name of ["sh", "cat", "date", "uname", "head"]) {
      const path = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
      if (path.startsWith("/")) symlinkSync(path, join(bin, name));
    }
    // Administrators' folders are searched too, and have what they have.
    const { stdout, stderr } = run({}, { PATH: bin });
    expect(stderr).toBe("");
    expect(machineFacts(stdout).isWhole).toBe(true);
  });
});
