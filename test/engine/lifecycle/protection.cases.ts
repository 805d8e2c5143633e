import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lives, siteFiles } from "../../harness/containers.ts";
import type { OneHost } from "../../harness/oneHost.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { acme, keysPage } from "./tenants.ts";

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
      expect(output).toMatch(/bigcorp-vhost.*cannot be deleted.*because it is protected/s);
      expect(await lives(stage())).toEqual(before);
      expect(await siteFiles(stage())).toEqual(["acme.caddy", "bigcorp.caddy"]);
      expect((await (await stage().visitor()).call(keysPage("bigcorp"))).status).toBe(200);
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
