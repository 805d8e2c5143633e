import { describe, expect, test } from "vitest";
import {
  apiFault,
  clientFault,
  compareVersions,
  hostFault,
  noEngineAt,
  socketFault,
  startFault,
} from "../../lab/docker/faults.ts";
import { portTaken } from "../../lab/docker/registry.ts";

const SOCKET = "unix:///var/run/docker.sock";

describe("versions", () => {
  test.each([
    ["1.9", "1.41", -1],
    ["1.41", "1.41", 0],
    ["1.50", "1.41", 1],
    ["2", "1.41", 1],
    ["1.41", "1.41.1", -1],
  ])("%s against %s", (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });

  test("an engine of 20.10 will do, an older one is refused with the remedy", () => {
    expect(apiFault(SOCKET, "1.41")).toBeUndefined();
    expect(apiFault(SOCKET, "1.40")).toBe(
      "The Docker engine at unix:///var/run/docker.sock speaks API 1.40; the lab needs 1.41 (Docker 20.10) or newer. " +
        "Upgrade the engine (Debian, Ubuntu: sudo apt-get install docker.io).",
    );
  });
});

describe("the socket", () => {
  test.each(["ENOENT", "ECONNREFUSED"])("%s means that an engine can be started", (code) => {
    expect(socketFault(SOCKET, code)).toEqual({ kind: "absent" });
  });

  test("no right to use it names the group", () => {
    expect(socketFault(SOCKET, "EACCES")).toEqual({
      kind: "refused",
      message:
        "No right to use the Docker engine at unix:///var/run/docker.sock. " +
        "Add yourself to its group (sudo usermod -aG docker $USER), log in again, and retry.",
    });
  });

  test("anything else is an engine in trouble, and never a reason to start a second one", () => {
    expect(socketFault(SOCKET, "ETIMEDOUT")).toEqual({
      kind: "refused",
      message:
        "The Docker engine at unix:///var/run/docker.sock does not answer (ETIMEDOUT). " +
        "Restart it, or point DOCKER_HOST elsewhere.",
    });
  });

  test("an engine elsewhere is refused", () => {
    expect(hostFault(SOCKET)).toBeUndefined();
    expect(hostFault("ssh://root@eu-1")).toBe(
      "The lab needs a Docker engine on this machine, reached by a unix socket; the current one is ssh://root@eu-1. " +
        "Set DOCKER_HOST=unix:///var/run/docker.sock, or choose another context with: docker context use default",
    );
  });
});

test("no engine where somebody said there is one", () => {
  expect(noEngineAt("unix:///run/user/1000/docker.sock")).toBe(
    "DOCKER_HOST, or the docker command's current context, names unix:///run/user/1000/docker.sock, " +
      "but no engine answers there. Start that engine, or go back to the usual socket with: " +
      "unset DOCKER_HOST; docker context use default",
  );
});

describe("the docker command", () => {
  test.each([
    "Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41",
    "Error response from daemon: client version 1.24 is too old. Minimum supported API version is 1.44",
  ])("%s", (stderr) => {
    expect(clientFault(stderr, "1.41")).toBe(
      `The docker command and the engine have no API version in common (engine: 1.41): ${stderr} ` +
        "If DOCKER_API_VERSION is set, unset it; else install a docker command of the engine's age (docker.io's own).",
    );
  });

  test("other trouble is shown as it is", () => {
    expect(clientFault("unknown flag: --host\nmore", "1.41")).toBe(
      'The docker command cannot use the engine: unknown flag: --host Run "docker version" and repair what it reports.',
    );
  });
});

describe("dockerd that does not come up", () => {
  test("shows the end of its log and what to do about it", () => {
    const log = [
      ...Array.from({ length: 9 }, (_, line) => `level=info msg="line ${line}"`),
      "failed to start daemon: Error initializing network controller: iptables not found",
    ].join("\n");
    expect(startFault(`${log}\n`, "/state/dockerd.log")).toBe(
      [
        "dockerd did not come up. The end of /state/dockerd.log:",
        ...[4, 5, 6, 7, 8].map((line) => `  level=info msg="line ${line}"`),
        "  failed to start daemon: Error initializing network controller: iptables not found",
        "The kernel or the iptables package does not fit: apt-get install iptables, then retry.",
      ].join("\n"),
    );
  });

  test("has a way out for what nobody foresaw", () => {
    expect(startFault("panic: something new", "l")).toMatch(
      /Start an engine yourself and set DOCKER_HOST, then retry\.$/,
    );
  });
});

test("a taken registry port says by whom, how to find it, and how to choose another", () => {
  expect(portTaken("127.0.0.1:5055", "stranger")).toBe(
    "Another program listens on 127.0.0.1:5055, where the lab's image registry belongs. " +
      "Stop it (find it with: ss -ltnp sport = :5055), or choose a port: export OLYMPUS_FLEET_REGISTRY_PORT=5056",
  );
  expect(portTaken("127.0.0.1:5055", "0123")).toMatch(
    /^A registry of another Olympus Fleet cache or user listens/,
  );
});
