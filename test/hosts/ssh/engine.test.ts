import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { EngineKind } from "../../../hosts/engines.ts";
import { sshFault, versionScript } from "../../../hosts/ssh/fault.ts";
import type { SshHost } from "../../../hosts/ssh/ssh.ts";
import { host } from "../../fixtures.ts";

const ssh = { user: "deploy", hostName: "eu-1.example.com", port: 22, hostKey: "ssh-ed25519 AAAA" };
const at = (engine: EngineKind): SshHost => ({ ...host, name: "eu-1", engine, ssh });
const of = (engine: EngineKind, printed: unknown) =>
  sshFault(at(engine), { code: 0, out: JSON.stringify(printed), err: "" });

/** As the docker command prints it, of whatever it has found. */
const byDocker = (Version: string, ApiVersion: string, component = "Engine") => ({
  Client: { Version: "28.2.2", ApiVersion },
  Server: { Version, ApiVersion, Components: [{ Name: component, Version }] },
});
/** As the podman command prints it, which has a server only where it was told of one. */
const byPodman = (Version: string, parts: readonly string[] = ["Client", "Server"]) =>
  Object.fromEntries(parts.map((part) => [part, { Version, APIVersion: Version }]));

describe("what does", () => {
  test("Docker", () => {
    expect(of("docker", byDocker("20.10.24", "1.41"))).toBeUndefined();
  });
  test("Podman", () => {
    expect(of("podman", byPodman("4.3.1"))).toBeUndefined();
  });
  test("is asked by the engine's own command", () => {
    expect(versionScript(at("docker"))).toMatch(/^docker version/m);
    expect(versionScript(at("podman"))).toMatch(/^docker\(\) \{ \S+ podman .*docker version/ms);
  });
});

test("Podman without the docker command that the provider calls", () => {
  const { status } = spawnSync("/bin/sh", ["-s"], {
    input: versionScript(at("podman")),
    env: { PATH: "/nowhere" },
  });
  expect(sshFault(at("podman"), { code: status ?? undefined, out: "", err: "" })).toBe(
    "it has no docker command, by which the Docker provider reaches Podman. Install podman-docker there.",
  );
});

test("an old Docker", () => {
  expect(of("docker", byDocker("19.03", "1.40"))).toBe(
    "its engine speaks API 1.40; the oldest that will do is Docker 20.10 (API 1.41). Upgrade it.",
  );
});

test("an old Podman", () => {
  expect(of("podman", byPodman("3.4.4"))).toBe(
    "its engine is 3.4.4; the oldest that will do is Podman 4.3 (API 1.41). Upgrade it.",
  );
});

test.each([
  ["docker's own command", byDocker("4.3.1", "1.41", "Podman Engine")],
  ["Podman in its place", byPodman("4.3.1", ["Client"])],
])("Podman where Docker is said to be, asked by %s", (_, printed) => {
  expect(of("docker", printed)).toBe(
    "its engine is Podman 4.3.1, and olympus:hosts.eu-1 has docker. Write engine: podman there.",
  );
});
