import { beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../../../lab/hosts/host.ts";
import { containersOf, lives } from "../../../harness/containers.ts";
import { untilHealthy } from "../../../harness/health.ts";
import { secondsUntilRuled } from "../../../harness/hostRules.ts";
import type { ManyHostsFleet } from "../../../harness/manyHosts.ts";

const pages = ["https://acme.localhost/login", "https://acme-api.localhost/.well-known/jwks.json"];

/** Every way in which a host's containers come to an end without Pulumi, and how the host is there again. */
const ways: readonly (readonly [what: string, happen: (host: LabHost) => Promise<void>])[] = [
  [
    "the machine is shut down and booted",
    async (host) => {
      await host.shutDown();
      await host.boot();
    },
  ],
  [
    "the machine loses power and is booted",
    async (host) => {
      await host.cutPower();
      await host.boot();
    },
  ],
  [
    "dockerd alone is stopped and started",
    async (host) => {
      await host.engine.stop();
      await host.engine.start();
    },
  ],
  [
    "dockerd alone is killed and started",
    async (host) => {
      await host.engine.kill();
      await host.engine.start();
    },
  ],
];

/** @param stage with acme on eu-1 and another tenant on eu-2 */
export function rebootCases(stage: () => ManyHostsFleet): void {
  const engine = () => stage().engine("eu-1");
  const ids = async () => new Map([...(await containersOf(engine()))].map(([name, { Id }]) => [name, Id]));

  describe.each(ways)("%s, and without Pulumi", (_, happen) => {
    let before: Map<string, string>;
    let elsewhere: Record<string, string>;

    beforeAll(async () => {
      before = await ids();
      elsewhere = await lives(stage().engine("eu-2"));
      await happen(stage().host("eu-1"));
    });

    test("every container of the tenant and the host is healthy again, and the same", async () => {
      await untilHealthy(engine(), 120);
      expect(await ids()).toEqual(before);
    });

    test("the tenant answers", async () => {
      const visitor = await stage().visitor("eu-1");
      for (const page of pages) expect((await visitor.call(page)).status, page).toBeLessThan(400);
    });

    test("the rule on INPUT is back", async () => {
      const { dockerHost } = engine();
      expect(await secondsUntilRuled(dockerHost, stage().images.firewall, 30)).toBeLessThan(30);
    });

    test("the other host has noticed nothing", async () => {
      expect(await lives(stage().engine("eu-2"))).toEqual(elsewhere);
    });
  });

  test("after all of that, up finds nothing to do, and nothing has drifted", async () => {
    const { output } = await stage().up("--refresh", "--expect-no-changes");
    expect(output).toMatch(/Resources:\s+\d+ unchanged\n/);
  });
}
