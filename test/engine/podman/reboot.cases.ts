import { beforeAll, describe, expect, test } from "vitest";
import { containersOf } from "../../harness/containers.ts";
import { untilSteady } from "../../harness/health.ts";
import { secondsUntilRuled } from "../../harness/hostRules.ts";
import type { PodmanFleet } from "../../harness/podmanFleet.ts";
import { keysPage, unchanged } from "../lifecycle/tenants.ts";

/** What podman-restart.service does at boot is the lab's to do: there is no systemd in it. */
export function rebootCases(stage: () => PodmanFleet): void {
  const ids = async () => new Map([...(await containersOf(stage()))].map(([name, { Id }]) => [name, Id]));
  const status = async (page: string) => (await (await stage().visitor()).call(page)).status;

  const ways = {
    "shut down and booted": async () => stage().host.shutDown(),
    "cut off from power and booted": async () => stage().host.cutPower(),
  };

  describe.each(Object.entries(ways))("the machine is %s, and without Pulumi", (_, end) => {
    let before: Map<string, string>;
    beforeAll(async () => {
      before = await ids();
      await end();
      await stage().host.boot();
    });

    test("both tenants answer", async () => {
      await untilSteady(stage(), 5, 60);
      for (const tenant of ["acme", "bigcorp"]) {
        await expect.poll(() => status(keysPage(tenant)).catch(() => 0), { timeout: 60_000 }).toBe(200);
      }
    });

    test("the rule on INPUT is back", async () => {
      expect(await secondsUntilRuled(stage().dockerHost, stage().images.firewall, 30)).toBeLessThan(30);
    });

    test("containers are the same, and steps did not run again", async () => {
      expect(await ids()).toEqual(before);
      for (const [name, { HostConfig, State }] of await containersOf(stage())) {
        expect(State.Status, name).toBe(HostConfig.RestartPolicy.Name === "no" ? "exited" : "running");
      }
    });
  });

  test("after all of that, up finds nothing to do, and nothing has drifted", async () => {
    expect((await stage().up("--refresh", "--expect-no-changes")).output).toMatch(unchanged);
  });
}
