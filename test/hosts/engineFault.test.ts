import { describe, expect, test } from "vitest";
import { type EngineAnswer, engineFault } from "../../hosts/engineFault.ts";
import { type EngineKind, type EngineVersion, engineVersion } from "../../hosts/engines.ts";

const addresses = { docker: "unix:///var/run/docker.sock", podman: "unix:///run/podman/podman.sock" };
const of = (answer: EngineAnswer, engine: EngineKind = "docker") =>
  engineFault({ name: "eu-1", address: addresses[engine], engine }, answer);

const dockerEngine = (apiVersion: string): EngineVersion => ({
  kind: "docker",
  version: "20.10.24",
  apiVersion,
});
const podmanEngine = (version: string): EngineVersion => ({ kind: "podman", version, apiVersion: "1.41" });

test.each(["1.41", "1.50", "2.0"])("Docker's API %s will do", (apiVersion) => {
  expect(of(dockerEngine(apiVersion))).toBeUndefined();
});

test.each(["4.3.1", "4.9.3", "4.10.0", "5.4.2"])("Podman %s will do", (version) => {
  expect(of(podmanEngine(version), "podman")).toBeUndefined();
});

test("an old Docker", () => {
  expect(of(dockerEngine("1.9"))).toBe(
    "host eu-1: the Docker engine at unix:///var/run/docker.sock speaks API 1.9; 1.41 (Docker 20.10) is the oldest " +
      "that will do. Upgrade the engine.",
  );
});

test("an old Podman: the version that is needed, and why", () => {
  expect(of(podmanEngine("3.4.4"), "podman")).toBe(
    "host eu-1: the Podman engine at unix:///run/podman/podman.sock is 3.4.4; 4.3 is the oldest that will do: " +
      "the program was run on nothing older. Upgrade the engine.",
  );
});

describe("an engine of the other kind", () => {
  test("Podman where Docker is said to be", () => {
    expect(of(podmanEngine("4.3.1"))).toBe(
      "host eu-1: Podman 4.3.1 answers at unix:///var/run/docker.sock, where olympus:hosts.eu-1 has docker. " +
        "Write engine: podman there, or another address.",
    );
  });
  test("Docker where Podman is said to be", () => {
    expect(of(dockerEngine("1.41"), "podman")).toBe(
      "host eu-1: Docker 20.10.24 answers at unix:///run/podman/podman.sock, where olympus:hosts.eu-1 has podman. " +
        "Write engine: docker there, or another address.",
    );
  });
});

test.each(["ENOENT", "ECONNREFUSED"])("no engine (%s)", (code) => {
  expect(of({ code })).toBe(
    "host eu-1: no Docker engine answers at unix:///var/run/docker.sock. " +
      "Start it (sudo systemctl start docker), or write another address under olympus:hosts.eu-1.",
  );
  expect(of({ code }, "podman")).toBe(
    "host eu-1: no Podman engine answers at unix:///run/podman/podman.sock. " +
      "Start it (sudo systemctl enable --now podman.socket), or write another address under olympus:hosts.eu-1.",
  );
});

test.each(["EACCES", "EPERM"])("no rights (%s)", (code) => {
  expect(of({ code })).toBe(
    "host eu-1: no right to use the Docker engine at unix:///var/run/docker.sock. " +
      "Add yourself to its group (sudo usermod -aG docker $USER), log in again, and retry.",
  );
  expect(of({ code }, "podman")).toBe(
    "host eu-1: no right to use the Podman engine at unix:///run/podman/podman.sock. " +
      "Run this as root, or give the socket a group of yours (docs/podman.md).",
  );
});

test("something else behind the socket", () => {
  expect(of({ code: "answer 404" })).toBe(
    "host eu-1: the Docker engine at unix:///var/run/docker.sock does not answer as one (answer 404). " +
      "Restart it, or write another address under olympus:hosts.eu-1.",
  );
});

describe("what an engine says about itself", () => {
  test("Docker", () => {
    const body = { Version: "20.10.24+dfsg1", ApiVersion: "1.41", Components: [{ Name: "Engine" }] };
    expect(engineVersion(body)).toEqual({ kind: "docker", version: "20.10.24+dfsg1", apiVersion: "1.41" });
  });
  test("Podman", () => {
    const Components = [{ Name: "Podman Engine" }, { Name: "Conmon" }];
    expect(engineVersion({ Version: "4.3.1", ApiVersion: "1.41", Components })).toEqual(
      podmanEngine("4.3.1"),
    );
  });
  test("an engine of few words", () => {
    expect(engineVersion({ ApiVersion: "1.40" })?.kind).toBe("docker");
  });
  test.each([null, "text", {}, { ApiVersion: 1.41 }])("%j is none", (body) => {
    expect(engineVersion(body)).toBeUndefined();
  });
});
