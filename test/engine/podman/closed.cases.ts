import { describe, expect, test } from "vitest";
import { containersOf, labelled } from "../../harness/containers.ts";
import type { PodmanFleet } from "../../harness/podmanFleet.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { acme, keysPage } from "../lifecycle/tenants.ts";

const prunes = [
  ["container", "prune", "--force"],
  ["system", "prune", "--all", "--force", "--volumes"],
  ["volume", "prune", "--force"],
];

/** @param stage with acme and bigcorp, healthy */
export function closedCases(stage: () => PodmanFleet): void {
  describe("a tenant that was suspended, and one that begins so", () => {
    const edit = async (state: "active" | "suspended") => {
      await stage().writeTenants(fleetFile({ acme, bigcorp: { state }, late: { state } }));
      await stage().up();
    };
    const keys = async (tenant: string) => (await stage().visitor()).call(keysPage(tenant));

    test("have a keeper each, and nothing else that runs", async () => {
      await edit("suspended");
      const names = (await labelled(stage(), "container")).filter((name) => !/^(acme|olympus)-/.test(name));
      expect(names).toEqual(["bigcorp-keeper", "late-keeper"]);
      for (const name of names) {
        const keeper = (await containersOf(stage())).get(name);
        expect(keeper?.State.Status).toBe("running");
        expect(keeper?.HostConfig).toMatchObject({ NetworkMode: "none", ReadonlyRootfs: true });
        expect(keeper?.Mounts).toMatchObject([{ Destination: "/kept", RW: false }]);
      }
      expect((await keys("bigcorp")).status).toBe(503);
      await stage().up("--refresh", "--expect-no-changes");
    });

    test("keep their volumes, whatever is pruned", async () => {
      for (const prune of prunes) {
        await stage().docker("volume", "create", "nobodys");
        await stage().host.run("podman", ...prune);
        expect(await labelled(stage(), "volume")).toEqual(
          expect.arrayContaining(["bigcorp-postgres", "late-postgres"]),
        );
        await stage().tryDocker("volume", "rm", "nobodys");
      }
    });

    test("come up on them", async () => {
      await edit("active");
      for (const tenant of ["bigcorp", "late"]) expect((await keys(tenant)).status).toBe(200);
      expect(await labelled(stage(), "container")).not.toContain("bigcorp-keeper");
    });
  });
}
