import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gateLibrary, gateScript } from "../../../backends/docker/gate.ts";
import { containersOf } from "../../harness/containers.ts";
import type { TestFleet } from "../../harness/testFleet.ts";

/** A gate for one service of a fleet that is up, run as Pulumi runs it, with a limit that a test can wait for. */
async function passGate(fleet: TestFleet, name: string, health: readonly string[], timeoutSeconds: number) {
  const container = (await containersOf(fleet)).get(name);
  const memberships = Object.keys(container?.NetworkSettings.Networks ?? {}).map((network) => ({ network }));
  const service = {
    name,
    id: container?.Id ?? "",
    health,
    prepare: [],
    proof: [],
    pidsLimit: 200,
    memberships,
  };
  const script = gateScript({ gate: "ready", await: [service], run: [], timeoutSeconds, stepSeconds: 5 });
  const child = spawn("sh", ["-s", "create"], {
    env: { ...process.env, DOCKER_HOST: fleet.dockerHost },
    stdio: "pipe",
  });
  child.stdin.end([...gateLibrary.map((path) => readFileSync(path, "utf8")), script].join(""));
  const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { exitCode: child.exitCode, stderr };
}

const health = ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"];

export function waitingCases(fleet: () => TestFleet): void {
  describe("a service that hangs", () => {
    beforeAll(() => fleet().docker("kill", "--signal", "STOP", "acme-hera"));
    afterAll(() => fleet().docker("kill", "--signal", "CONT", "acme-hera"));

    test("ends its gate, which says what hangs", async () => {
      const { exitCode, stderr } = await passGate(fleet(), "acme-hera", health, 2);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^acme-hera: is not healthy after 2 s: its health check does not end\. /);
    });
  });

  const hera = async () => {
    const container = (await containersOf(fleet())).get("acme-hera");
    if (!container) throw new Error("acme-hera is gone");
    return container;
  };
  test("a service that goes on passes its gate, however often it was started again in its life", async () => {
    for (let times = 0; times < 3; times++) {
      const before = await hera();
      process.kill(before.State.Pid, "SIGKILL"); // not by the engine, which would leave it down
      for (let now = before; now.RestartCount === before.RestartCount || !now.State.Pid; now = await hera());
    }
    expect(await passGate(fleet(), "acme-hera", health, 60)).toEqual({ exitCode: 0, stderr: "" });
  });
}
