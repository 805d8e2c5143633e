import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labelled, lives, siteFiles } from "../../harness/containers.ts";
import type { OneHost } from "../../harness/oneHost.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { acme, keysPage } from "./tenants.ts";

const vanished = `bigcorp: no entry of this stack in the fleet's file any more, and the stack protects data (olympus:protectData). Nothing was touched.
If that was a mistake, write the entry back.
To remove it with its data: write the entry back, pulumi config set olympus:protectData false, pulumi up;
then take out what goes, pulumi up, and pulumi config set olympus:protectData true, pulumi up (docs/operate.md).`;

/** @param stage with acme and bigcorp, healthy */
export function protectionCases(stage: () => OneHost): void {
  describe("where data is protected", () => {
    const protect = (protectData: boolean) => stage().configure({ protectData });

    beforeAll(async () => {
      await protect(true);
      await stage().up();
    });
    // Whatever the tests have found, destroy() must be able to remove the fleet.
    afterAll(async () => {
      await protect(false);
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      await stage().up();
    });

    test("a tenant that vanishes from the file stops the run, and nothing of it stops", async () => {
      const before = await lives(stage());
      await stage().writeTenants(fleetFile({ acme }));
      const { exitCode, output } = await stage().stack.up();
      expect(exitCode).not.toBe(0);
      expect(output.replaceAll(/^ +/gm, "")).toContain(vanished);
      expect(output).not.toContain("unprotect");
      expect(await lives(stage())).toEqual(before);
      expect(await siteFiles(stage())).toEqual(["acme.caddy", "bigcorp.caddy"]);
      expect((await (await stage().visitor()).call(keysPage("bigcorp"))).status).toBe(200);
    });

    test("a tenant that gets another name is refused before the new one is made, and undoing it is quiet", async () => {
      // What other cases have edited is as the file of this one has it.
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      await stage().up();
      const before = await lives(stage());
      await stage().writeTenants(fleetFile({ acme, bigcorp2: {} }));
      for (const { exitCode, output } of [await stage().stack.preview(), await stage().stack.up()]) {
        expect(exitCode).not.toBe(0);
        expect(output.replaceAll(/^ +/gm, "")).toContain(
          "A name cannot be changed: bigcorp2 would begin empty, and the data would stay with bigcorp.",
        );
      }
      expect(await lives(stage())).toEqual(before);
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      await stage().up("--expect-no-changes");
    });

    test("an entry that was added by mistake is taken back as the message says", async () => {
      const neighbours = await lives(stage());
      await stage().writeTenants(fleetFile({ acme, bigcorp: {}, oops: {} }));
      await stage().up();
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      expect((await stage().stack.up()).output).toContain(
        "oops: no entry of this stack in the fleet's file any more",
      );
      await stage().writeTenants(fleetFile({ acme, bigcorp: {}, oops: {} }));
      await protect(false);
      await stage().up();
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      await stage().up();
      await protect(true);
      await stage().up();
      expect(await lives(stage())).toEqual(neighbours);
      expect(await labelled(stage(), "volume")).not.toContain("oops-postgres");
      await stage().up("--expect-no-changes");
    });

    test("destroy stops as well, before anything has stopped", async () => {
      const before = await lives(stage());
      const { exitCode, output } = await stage().stack.destroy();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/(acme|bigcorp)-vhost.*cannot be deleted.*because it is protected/s);
      expect(await lives(stage())).toEqual(before);
    });
  });
}
