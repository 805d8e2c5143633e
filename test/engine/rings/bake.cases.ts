import { describe, expect, test } from "vitest";
import { status } from "../../harness/fleetCommand.ts";
import { plain, type RingsFleet } from "../../harness/ringsFleet.ts";
import { unchanged } from "../lifecycle/tenants.ts";

/** @param stage all on 2026.12 */
export function bakeCases(stage: () => RingsFleet): void {
  const on = (c1: string, e1: string, s1: string, s2: string | undefined = s1) => ({ c1, e1, s1, s2 });

  describe("with a bake and a window", () => {
    test("canary alone gets the release, and it is said what the others wait for", async () => {
      const window = { days: ["sun"], from: "22:00", to: "04:00", timeZone: "UTC" };
      await stage().setRings({ canary: { bake: "24h" }, early: {}, stable: { window } });
      // A release that has been verified before would be the way back.
      await stage().want("2026.13");
      const output = await stage().done();
      expect(output).toContain(
        "ring early: 2026.13 waits: canary must be healthy with it for 24h, and has not been seen healthy with it yet. e1 keeps what it has.",
      );
      expect(output).toContain(
        "ring stable: 2026.13 waits: its window opens 2026-11-29 22:00 UTC; early waits itself. s1, s2 keep what they have.",
      );
      expect(await stage().running()).toEqual(on("2026.13", "2026.12", "2026.12"));
      stage().later(1);
      const { output: quiet } = await stage().up("--expect-no-changes");
      expect(quiet).toMatch(unchanged);
      expect(plain(quiet)).toContain("since 2026-11-28 12:00 UTC, until 2026-11-29 12:00 UTC");
    });

    test("status says since when canary is healthy with it, when it is to ask Pulumi's state", async () => {
      const { document } = await status(stage().fleet, "--rings");
      const [canary] = document.rings;
      expect(canary).toMatchObject({
        ring: "canary",
        running: ["2026.13"],
        healthy: { release: "2026.13", since: "2026-11-28T12:00:00.000Z" },
      });
    });

    test("a service of canary's that has died meanwhile is told, fails the run, and begins the bake again", async () => {
      await stage().fleet.docker("stop", "c1-hera");
      stage().later(25);
      const { output: preview } = await stage().preview();
      expect(plain(preview)).toContain(
        "ring early: 2026.13 waits: canary is not healthy with it: hera of c1 does not run: exited.",
      );
      const { exitCode, output } = await stage().up();
      expect(exitCode).not.toBe(0);
      expect(plain(output)).toContain(
        "ring canary is not healthy with 2026.13: hera of c1 does not run: exited. No other ring gets 2026.13 from it.",
      );
      expect(await stage().running()).toEqual(on("2026.13", "2026.12", "2026.12"));

      await stage().fleet.docker("start", "c1-hera");
      await stage().done();
      stage().later(1);
      expect(await stage().done()).toContain("until 2026-11-30 14:00 UTC");
    });

    test("a service that is paused does not run: the engine's own word counts before any health check", async () => {
      await stage().fleet.docker("pause", "c1-kratos");
      const { output } = await stage().preview();
      await stage().fleet.docker("unpause", "c1-kratos");
      expect(plain(output)).toContain(
        "ring early: 2026.13 waits: canary is not healthy with it: kratos of c1 does not run: paused.",
      );
    });

    test("when it is over the next ring gets it, and stable in its window; one that is suspended comes back on it", async () => {
      await stage().setTenant("s2", { state: "suspended" });
      await stage().done();
      stage().later(24);
      expect(await stage().done()).toContain("ring stable: 2026.13 waits: its window opens");
      expect(await stage().running()).toEqual({ ...on("2026.13", "2026.13", "2026.12"), s2: undefined });
      // Sunday has gone by; the next is on 6 December.
      stage().now = new Date("2026-12-06T22:30:00Z");
      await stage().done();
      await stage().setTenant("s2", {});
      await stage().done();
      expect(await stage().running()).toEqual(on("2026.13", "2026.13", "2026.13"));
      expect((await stage().up("--expect-no-changes")).output).toMatch(unchanged);
    });
  });
}
