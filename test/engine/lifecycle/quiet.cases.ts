import { describe, expect, test } from "vitest";
import type { OneHost } from "../../harness/oneHost.ts";
import { changes } from "../../harness/testFleet.ts";
import { everythingOf, keysPage, unchanged } from "./tenants.ts";

/** @param stage before its first `up`, with acme and bigcorp in its file */
export function quietCases(stage: () => OneHost): void {
  test("the first up brings both tenants to health", async () => {
    const { created } = changes(await stage().up());
    expect(created).toEqual(expect.arrayContaining([...everythingOf("acme"), ...everythingOf("bigcorp")]));
    const visitor = await stage().visitor();
    for (const tenant of ["acme", "bigcorp"]) {
      expect((await visitor.call(keysPage(tenant))).status).toBe(200);
    }
  });

  test("a second up changes nothing", async () => {
    const { output } = await stage().up("--expect-no-changes");
    expect(output).toMatch(unchanged);
  });

  describe("on a healthy fleet nothing has drifted:", () => {
    test("refresh reports no change", async () => {
      const { exitCode, output } = await stage().stack.refresh({ args: ["--expect-no-changes"] });
      expect(output).toMatch(unchanged);
      expect(exitCode).toBe(0);
    });

    test("up --refresh reports no change", async () => {
      const { output } = await stage().up("--refresh", "--expect-no-changes");
      expect(output).toMatch(unchanged);
    });
  });
}
