import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DoctorStage } from "./doctor/stage.ts";

const page = readFileSync(new URL("../../../docs/hosts.md", import.meta.url), "utf8");
/** The first block of the page. */
const lines = /```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
const userKey = "ssh-ed25519 AAAA… you@laptop";
const sshPort = 2222;

/** The package is there already, and nobody here is an init. Kernel settings are read from this host's own file. */
const standIns = {
  "apt-get": "exit 0",
  systemctl: "exit 0",
  timedatectl: "exit 0",
  sysctl: "exec /usr/sbin/sysctl -p /etc/sysctl.d/90-olympus-fleet.conf",
};

let stage: DoctorStage;
beforeAll(async () => {
  stage = await DoctorStage.open();
});
afterAll(() => stage?.close());

test("ten lines of docs/hosts.md make a host of a machine that had nothing, and doctor agrees", async () => {
  const { site } = stage;
  const host = site.host("eu-2");
  const publicKey = readFileSync(`${site.identityFile}.pub`, "utf8").trim();
  expect(lines.trim().split("\n")).toHaveLength(10);
  expect(lines).toContain(userKey);

  // Accounts and settings of this host alone.
  for (const folder of ["etc", "home"]) {
    const layers = `upperdir=/run/layers/${folder},workdir=/run/layers/${folder}.work`;
    await host.run("mkdir", "-p", `/run/layers/${folder}`, `/run/layers/${folder}.work`);
    await host.run("mount", "-t", "overlay", "overlay", "-o", `lowerdir=/${folder},${layers}`, `/${folder}`);
  }
  for (const [name, script] of Object.entries(standIns)) {
    const file = `/run/stand-ins/${name}`;
    await host.run(
      "sh",
      "-c",
      `mkdir -p /run/stand-ins && printf '%s\\n' "$1" > ${file} && chmod 755 ${file}`,
      "sh",
      `#!/bin/sh\n${script}`,
    );
  }
  const script = `set -e; PATH=/run/stand-ins:$PATH\n${lines.replace(userKey, publicKey)}`;
  expect(await host.run("sh", "-c", script)).toMatch(/\nssh-ed25519 AAAA\S+$/);

  // What an init would have started.
  const groups = ["--cgroup-parent", "/olympus-prepared", "--exec-opt", "native.cgroupdriver=cgroupfs"];
  await host.start("dockerd", "dockerd", ...groups);
  const options = [`Port=${sshPort}`, `ListenAddress=${host.address}`, "PidFile=/run/sshd-prepared.pid"];
  await host.start(
    "sshd-prepared",
    ...[
      "/usr/sbin/sshd",
      "-D",
      "-e",
      "-f",
      "/usr/share/openssh/sshd_config",
      "-h",
      `${site.folder}/eu-2.hostkey`,
    ],
    ...options.flatMap((option) => ["-o", option]),
  );
  const isUp = async () => (await host.tryRun("docker", "version")).exitCode;
  await expect.poll(isUp, { timeout: 60_000 }).toBe(0);

  const found = await stage.ask("eu-2", { address: `ssh://deploy@${host.address}:${sshPort}` });
  const wrong = found.findings.filter(({ level }) => level === "error" || level === "warning");
  expect(wrong).toEqual([]);
  expect(found.findings).toContainEqual({
    check: "engine's service",
    level: "ok",
    found: expect.stringMatching(
      /^(containers outlive its restart$|live-restore is off, as it has to be before Docker 23)/,
    ),
  });
});
