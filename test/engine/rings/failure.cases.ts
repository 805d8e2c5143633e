import { describe, expect, test } from "vitest";
import { names, plain, type RingsFleet, waiting } from "../../harness/ringsFleet.ts";
import { keysPage, unchanged } from "../lifecycle/tenants.ts";

/** @param stage with nothing made yet */
export function failureCases(stage: () => RingsFleet): void {
  const answers = async (tenant: string) =>
    (await (await stage().fleet.visitor()).call(keysPage(tenant))).status;

  test("a fleet that is new comes up at once, and is quiet then", async () => {
    const output = await stage().done();
    expect(output).not.toMatch(waiting);
    expect((await stage().up("--expect-no-changes")).output).toMatch(unchanged);
    expect((await stage().up("--expect-no-changes")).output).not.toMatch(/ [~+-] /);
  });

  describe("a release that canary cannot run", () => {
    test("ends there; nobody else is touched, now or in the next run", async () => {
      await stage().want("broken");
      const before = await stage().ids("e1", "s1", "s2");
      for (let run = 1; run <= 2; run++) {
        const { exitCode, output } = await stage().up();
        expect(exitCode).not.toBe(0);
        expect(output).toContain("c1-hydra-migrate: failed with exit code 1");
        expect(output).not.toMatch(/ (e1|s1|s2)-\S+ (created|replaced|updated)/);
        expect(await stage().ids("e1", "s1", "s2")).toEqual(before);
      }
      for (const name of ["e1", "s1", "s2"]) expect(await answers(name)).toBe(200);
    });

    test("nor with --continue-on-error, after which Pulumi may want its state repaired, as docs/operate.md says", async () => {
      const before = await stage().ids("e1", "s1", "s2");
      const { exitCode, output } = await stage().up("--continue-on-error");
      expect(exitCode).not.toBe(0);
      expect(output).toContain("c1-hydra-migrate: failed with exit code 1");
      expect(await stage().ids("e1", "s1", "s2")).toEqual(before);
      const repaired = await stage().fleet.stack.plain(["state", "repair", "--yes"]);
      expect(repaired.exitCode, repaired.output).toBe(0);
    });

    test("is taken back by the line of before, which waits for nothing", async () => {
      await stage().setRings({ canary: { hold: true, bake: "1d" }, stable: { hold: true } });
      await stage().want("2026.11");
      const before = await stage().ids("e1", "s1", "s2");
      expect(await stage().done()).not.toMatch(waiting);
      expect(await stage().ids("e1", "s1", "s2")).toEqual(before);
      expect(await answers("c1")).toBe(200);
      await stage().setRings({ canary: {}, stable: {} });
      expect((await stage().up("--expect-no-changes")).output).toMatch(unchanged);
    });
  });

  test("a good one reaches all rings in one run, one after the other", async () => {
    await stage().setRings({ stable: { parallel: 1 } });
    await stage().want("2026.12");
    const output = await stage().done();
    const last = (text: string) => output.lastIndexOf(text);
    const made = (name: string) => output.indexOf(`${name}-hydra created`);
    for (const name of names) expect(made(name), name).toBeGreaterThan(0);
    for (const [one, next] of [
      ["c1", "e1"],
      ["e1", "s1"],
      ["s1", "s2"],
    ] as const) {
      expect(last(`${one}-gate-ready created`)).toBeLessThan(made(next));
    }
    expect(await stage().running()).toEqual({ c1: "2026.12", e1: "2026.12", s1: "2026.12", s2: "2026.12" });
    expect(plain((await stage().preview("--expect-no-changes")).output)).not.toMatch(waiting);
  });
}
