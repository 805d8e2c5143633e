import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { probeScript } from "../../../reports/doctor/probe.ts";
import { machineCases } from "./doctor/machine.cases.ts";
import { DoctorStage, errors, of } from "./doctor/stage.ts";
import { wayCases } from "./doctor/way.cases.ts";

let stage: DoctorStage;
beforeAll(async () => {
  stage = await DoctorStage.open();
});
afterEach(() => stage.mend());
afterAll(() => stage?.close());

describe("a host that is ready", () => {
  test("has no error, and everything that it needs can be had", async () => {
    const found = await stage.ask("eu-1");
    expect(errors(found)).toEqual([]);
    expect(found.code).toBe(0);
    expect(of(found, "engine")).toEqual([expect.stringMatching(/^ok: Docker \d+\.\d+/)]);
    expect(of(found, "command")).toEqual([expect.stringMatching(/^ok: .*docker speaks to the engine$/)]);
    expect(of(found, "sshd")).toEqual(["ok: 10 sessions a connection"]);
    expect(of(found, "images")).toEqual([expect.stringMatching(/^ok: 0 are here, \d can be had$/)]);
    expect(of(found, "public address")).toEqual([`ok: ${stage.site.host("eu-1").address} is the host's own`]);
  });

  test("with Podman has none either", async () => {
    const found = await stage.ask("eu-3", { engine: "podman" });
    expect(errors(found)).toEqual([]);
    expect(of(found, "engine")).toEqual([expect.stringMatching(/^ok: Podman \d+\.\d+/)]);
    expect(of(found, "command")).toEqual([expect.stringMatching(/^ok: .*podman speaks to the engine$/)]);
    expect(of(found, "disk")).toEqual([expect.stringMatching(/^ok: .* at \/var\/lib\/containers\/storage$/)]);
  });

  test("of the other kind than the file says is recognised", async () => {
    expect(errors(await stage.ask("eu-1", { engine: "podman" }))).toContainEqual(
      expect.stringMatching(/^engine: /),
    );
    expect(errors(await stage.ask("eu-3"))).toContainEqual(expect.stringMatching(/^engine: /));
  });

  test("is as it was before it was asked", async () => {
    const host = stage.site.host("eu-1");
    const looks = [
      ["docker", "ps", "--all", "--quiet"],
      ["docker", "network", "ls", "--quiet"],
      ["iptables-save"],
      // Any login makes the greeting of the day.
      ["ls", "-A", "--ignore=motd.dynamic", "/root", "/run", "/etc/ssh/sshd_config.d"],
      // Without what looks, and what waits to be buried.
      ["sh", "-c", "ps -eo args= | grep -v -e 'ps -eo' -e defunct -e grep -e sort -e '^sshd: root' | sort"],
    ];
    const state = async () => {
      const seen: string[] = [];
      // Counters and the time of day go on.
      for (const look of looks) seen.push((await host.run(...look)).replace(/\[\d+:\d+\]|^#.*$/gm, ""));
      return seen;
    };
    const before = await state();
    await stage.ask("eu-1");
    expect(await state()).toEqual(before);
  });
});

describe("a fault is found on the way:", () => wayCases(() => stage));
describe("a fault is found on the machine:", () => machineCases(() => stage));

test("all hosts are asked side by side, and one that is down keeps nobody waiting for longer than itself", async () => {
  await stage.site.host("eu-2").unplug();
  stage.afterwards(() => stage.site.host("eu-2").plug());
  const { code, hosts } = await stage.askAll();
  expect(code).toBe(1);
  expect(hosts.map(({ host, verdict }) => [host, verdict])).toEqual([
    ["eu-1", expect.stringMatching(/ok|warning/)],
    ["eu-2", "error"],
    // Written as if it had Docker.
    ["eu-3", "error"],
  ]);
});

test("the script runs under busybox alone", async () => {
  const questions = {
    engine: "docker",
    socket: "/run/docker.sock",
    dataRoot: "/var/lib/docker",
    urls: [],
  } as const;
  const host = stage.site.host("eu-1");
  await host.run("docker", "pull", "--quiet", stage.images.firewall);
  const box = ["docker", "run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh"];
  const { stdout, stderr } = await execa(...host.at(...box, stage.images.firewall, "-s"), {
    input: probeScript(questions),
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^clock=\d+\n(.*\n)*user\.id=0\n(.*\n)*disk\.space=\d+ \d+\n(.*\n)*end=1$/);
});
