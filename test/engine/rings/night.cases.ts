import { beforeAll, describe, expect, test } from "vitest";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { type Name, type RingsFleet, stepsOf } from "../../harness/ringsFleet.ts";
import { SteadyVisitor } from "../../harness/steadyVisitor.ts";
import { rootCertificate } from "../../harness/visitor.ts";
import { keysPage, unchanged } from "../lifecycle/tenants.ts";

/**
 * Six tenants in three rings, nobody looks: each hour an `up`, as the workflow "Rings" has it.
 *
 * @param stage all on 2026.13
 */
export function nightCases(stage: () => RingsFleet): void {
  describe("a night in which nobody looks", () => {
    let authority: string;

    beforeAll(async () => {
      await stage().setRings({ canary: { bake: "2h" }, early: { bake: "1h" }, stable: {} });
      await stage().grow();
      await stage().done();
      authority = await stage().fleet.docker("exec", caddyContainer, "cat", rootCertificate);
    });

    /** What visitors at some tenants see while a run is at work, and how it ends. */
    async function visited(tenants: readonly Name[]) {
      const before = await stage().ids(...tenants);
      const visitors = tenants.map((name) => new SteadyVisitor(keysPage(name), authority));
      const { exitCode, output } = await stage().up();
      const visits = await Promise.all(visitors.map((one) => one.stop()));
      expect(visits.flatMap(({ failures }) => failures)).toEqual([]);
      for (const { answers } of visits) expect(answers).toBeGreaterThan(20);
      expect(await stage().ids(...tenants)).toEqual(before);
      return { exitCode, output };
    }

    test("a release whose Hydra lies about its health is caught in canary; no visitor elsewhere sees a failed request", async () => {
      await stage().want("lying");
      const { exitCode, output } = await visited(["e1", "e2", "s1", "s2"]);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/c[12]-hydra: is healthy and gives no token: POST \/oauth2\/token: 500 /);
      expect(output).toContain("Errors in its log:");
      expect(output).toContain("the way back: write the release or images of before, then pulumi up");
      expect(await stage().running()).toMatchObject({
        e1: "2026.13",
        e2: "2026.13",
        s1: "2026.13",
        s2: "2026.13",
      });
    });

    test("the next release reaches all of them by itself, with each bake kept, though one is suspended over it", async () => {
      await stage().setTenant("s2", { state: "suspended" });
      await stage().want("2026.14");
      const reached: Record<string, number> = {};
      for (let hour = 0; hour <= 4; hour++) {
        const late: readonly Name[] = hour < 2 ? ["e1", "e2", "s1"] : hour < 3 ? ["s1"] : [];
        const { exitCode, output } = await visited(late);
        expect(exitCode, output).toBe(0);
        if (hour === 0) {
          expect(stepsOf(output, "s2").map((words) => words.split("; ")[0])).toEqual([
            "step 1 of 2, data kept, without services",
            "step 2 of 2, site in place",
          ]);
        }
        for (const [name, release] of Object.entries(await stage().running())) {
          if (release === "2026.14") reached[name] ??= hour;
        }
        stage().later(1);
      }
      expect(reached).toEqual({ c1: 0, c2: 0, e1: 2, e2: 2, s1: 3 });
    });

    test("the one that was suspended comes back on it", async () => {
      await stage().setTenant("s2", {});
      await visited(["c1", "e1", "s1"]);
      expect(await stage().running()).toMatchObject({ s2: "2026.14" });
      expect((await (await stage().fleet.visitor()).call(keysPage("s2"))).status).toBe(200);
      expect((await stage().up("--expect-no-changes")).output).toMatch(unchanged);
    });
  });
}
