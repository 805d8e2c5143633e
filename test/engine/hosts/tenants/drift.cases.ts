import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drift, found } from "../../../harness/fleetCommand.ts";
import { untilHealthy } from "../../../harness/health.ts";
import type { ManyHostsFleet } from "../../../harness/manyHosts.ts";
import { changes } from "../../../harness/testFleet.ts";

const site = "/etc/caddy/sites/bigcorp.caddy";

/** What somebody does by hand on a host that is reached over SSH, and a host that cannot be asked. */
export function driftCases(fleetOf: () => ManyHostsFleet): void {
  const docker = (host: string, ...args: string[]) =>
    fleetOf()
      .engine(host)
      .docker(...args);
  const tell = async () => {
    const { exitCode, words } = await found(fleetOf());
    return { exitCode, words };
  };

  test("is told by host and tenant, and an up mends it", async () => {
    await docker("eu-1", "network", "connect", "bridge", "acme-kratos");
    await docker("eu-2", "exec", "olympus-caddy", "sh", "-c", `echo '# by hand' >> ${site}`);
    expect(await tell()).toEqual({
      exitCode: 1,
      words: {
        acme: ["acme-kratos was connected to the network bridge"],
        bigcorp: ["Caddy's sites/bigcorp.caddy was edited by hand"],
      },
    });
    expect(changes(await fleetOf().up()).updated).toEqual(["acme-gate-bootstrap", "bigcorp-vhost"]);
    await fleetOf().up("--expect-no-changes");
    expect(await tell()).toEqual({ exitCode: 0, words: {} });
  });

  describe("while a host has no power", () => {
    beforeAll(() => fleetOf().host("eu-2").cutPower());
    afterAll(async () => {
      await fleetOf().host("eu-2").boot();
      await untilHealthy(fleetOf().engine("eu-2"), 120);
    });

    test("that is told of its tenants, and the others are looked at", async () => {
      const { exitCode, out } = await drift(fleetOf());
      expect(out).toContain("Stack test: no drift found, but not everything could be looked at\n");
      expect(out).toMatch(/^ {2}host eu-2 \(bigcorp\): \S/m);
      expect(out).not.toContain("eu-1");
      expect(exitCode).toBe(4);

      await docker("eu-1", "exec", "olympus-caddy", "rm", "/etc/caddy/sites/acme.caddy");
      expect(await tell()).toEqual({
        exitCode: 1,
        words: { acme: ["Caddy's sites/acme.caddy was removed by hand"] },
      });
    });

    test("a preview works, and shows what was found where somebody answers", async () => {
      const { exitCode, output } = await fleetOf().stack.preview();
      expect(exitCode).toBe(0);
      expect([...output.matchAll(/^ ~ +\S+ (\S+) update/gm)].map(([, name]) => name)).toEqual(["acme-vhost"]);
    });
  });

  test("once it is back, everything is looked at and mended", async () => {
    // Not --refresh: who has just been told that a host is down is not tried again for half a minute.
    expect(changes(await fleetOf().up()).updated).toEqual(["acme-vhost"]);
    expect(await tell()).toEqual({ exitCode: 0, words: {} });
  });
}
