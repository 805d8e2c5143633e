import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containersOf } from "../../harness/containers.ts";
import type { TestFleet } from "../../harness/testFleet.ts";
import { passGate, serviceOf } from "./passGate.ts";

const health = ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"];

export function waitingCases(fleet: () => TestFleet): void {
  describe("a service that hangs", () => {
    beforeAll(() => fleet().docker("kill", "--signal", "STOP", "acme-hera"));
    afterAll(() => fleet().docker("kill", "--signal", "CONT", "acme-hera"));

    test("ends its gate, which says what hangs", async () => {
      const { exitCode, stderr } = await passGate(fleet(), {
        await: [await serviceOf(fleet(), "acme-hera", health)],
        timeoutSeconds: 2,
      });
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
    expect(await passGate(fleet(), { await: [await serviceOf(fleet(), "acme-hera", health)] })).toEqual({
      exitCode: 0,
      stderr: "",
    });
  });
}
