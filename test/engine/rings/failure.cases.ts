import { describe, expect, test } from "vitest";
import { names, plain, type RingsFleet, stepsOf, waiting } from "../../harness/ringsFleet.ts";
import { keysPage, unchanged } from "../lifecycle/tenants.ts";

/** @param stage with nothing made yet */
export function failureCases(stage: () => RingsFleet): void {
  const answers = async (tenant: string) =>
    (await (await stage().fleet.visitor()).call(keysPage(tenant))).status;

  test("a fleet that is new comes up at once, and is quiet then", async () => {
    const output = await stage().done();
    expect(output).not.toMatch(waiting);
    expect(output).toContain("step 5 of 5, site in place;");
    expect((await stage().up("--expect-no-changes")).output).toMatch(unchanged);
    const { output: quiet } = await stage().up("--expect-no-changes");
    expect(quiet).not.toMatch(/ [~+-] /);
    expect(quiet).not.toMatch(/step \d/);
  });

  describe("a release that canary cannot run", () => {
    /** Images come to all; no other step is said to be done, of the tenant that fails or of those that wait for it. */
    const expectOnlyImages = (output: string) => {
      expect(output).toContain("step 1 of 5, images on the host;");
      expect(output).not.toMatch(/step [2-5] of 5/);
    };

    test("ends there; nobody else is touched, now or in the next run", async () => {
      await stage().want("broken");
      const before = await stage().ids("e1", "s1", "s2");
      for (let run = 1; run <= 2; run++) {
        const { exitCode, output } = await stage().up();
        expect(exitCode).not.toBe(0);
        expect(output).toContain("c1-hydra-migrate: failed with exit code 1");
        expect(output).not.toMatch(/ (e1|s1|s2)-\S+ (created|replaced|updated)/);
        expectOnlyImages(output);
        expect(await stage().ids("e1", "s1", "s2")).toEqual(before);
      }
      for (const name of ["e1", "s1", "s2"]) expect(await answers(name)).toBe(200);
    });

    test("nor with --continue-on-error, after which Pulumi may want its state repaired, as docs/operate.md says", async () => {
      const before = await stage().ids("e1", "s1", "s2");
      const { exitCode, output } = await stage().up("--continue-on-error");
      expect(exitCode).not.toBe(0);
      expect(output).toContain("c1-hydra-migrate: failed with exit code 1");
      expectOnlyImages(output);
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
    const { exitCode, output } = await stage().up();
    expect(exitCode, output).toBe(0);
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
    const time = "(less than a minute|about \\d+ min) left in all; ";
    for (const [name, left, toCome] of [
      ["c1", time, "none in ring canary, 3 in all"],
      ["e1", time, "none in ring early, 2 in all"],
      ["s1", time, "1 in ring stable, 1 in all"],
      ["s2", "", "none in ring stable, none in all"],
    ] as const) {
      const told = stepsOf(output, name);
      expect(told.map((words) => words.split("; ")[0])).toEqual([
        "step 1 of 5, images on the host",
        "step 2 of 5, databases prepared",
        "step 3 of 5, Kratos and Hydra up",
        "step 4 of 5, all services up and tried",
        "step 5 of 5, site in place",
      ]);
      const done = `step 5 of 5, site in place; ${left}to come besides ${name}: ${toCome}`;
      expect(told.at(-1)).toMatch(new RegExp(`^${done}$`));
    }
    // Lines while it goes on, and none of them again at the end.
    expect(output.split("Diagnostics:")[1] ?? "").not.toMatch(/step \d/);
    expect(plain((await stage().preview("--expect-no-changes")).output)).not.toMatch(waiting);
  });
}
