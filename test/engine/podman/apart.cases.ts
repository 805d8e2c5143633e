import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firewallContainer } from "../../../backends/docker/names.ts";
import { physicalName } from "../../../fleet/names.ts";

import { services } from "../../../fleet/tenant/parts.ts";
import { secondsUntilRuled, withoutInputRule } from "../../harness/hostRules.ts";

import { NameServer } from "../../harness/nameServer.ts";
import type { PodmanFleet } from "../../harness/podmanFleet.ts";
import { reached, reachFrom } from "../../harness/reach.ts";
import { everywhereIn, gatewayOf, listeningAt } from "../../harness/tenantAddresses.ts";

/** Asks one server for one name, as a process in that container would; prints what came of it. */
const question = (server: string, name: string) => `
const { Resolver } = require("node:dns");
const resolver = new Resolver({ timeout: 1500, tries: 1 });
resolver.setServers(["${server}"]);
resolver.resolve4("${name}", (error, addresses) => console.log(error?.code ?? addresses.join()));
`;

/** Podman keeps networks apart in its own way, and not always: what holds here is what the firewall does. */
export function apartCases(stage: () => PodmanFleet): void {
  const ask = async (container: string, server: string, name: string) => {
    const run = ["run", "--rm", "--network", `container:${container}`, "--entrypoint", "node"];
    return (await stage().docker(...run, stage().images.athena, "-e", question(server, name))).trim();
  };
  const gateway = (network: string) => gatewayOf(stage(), network);

  describe("between tenants", () => {
    test("no address of bigcorp's answers anyone who is in acme's networks", async () => {
      const targets = await everywhereIn(stage(), "bigcorp");
      expect(targets).toHaveLength(8 * 6); // six addresses and two gateways, six ports
      for (const service of services) {
        expect(reached(await reachFrom(stage(), physicalName("acme", service), targets)), service).toEqual(
          [],
        );
      }
    });

    test("while bigcorp's own services reach each other at them", async () => {
      const listening = await listeningAt(stage(), "bigcorp");
      const found = await reachFrom(stage(), "bigcorp-kratos", listening);
      expect(Object.values(found)).toEqual(listening.map(() => "open"));
    });
  });

  describe("the world's names", () => {
    let world: NameServer;
    beforeAll(async () => {
      world = await NameServer.start(stage().visitors.usual);
    });
    afterAll(() => world?.stop());

    test("can be asked for by Kratos, who has a way out, and by no other service", async () => {
      const [internal, egress] = [await gateway("acme-internal"), await gateway("acme-egress")];
      const answers = services.map(async (service) => {
        const name = `from-${service}.example.com`;
        const asked = [internal, egress].map((server) => ask(physicalName("acme", service), server, name));
        return [service, await Promise.all(asked)] as const;
      });
      const { kratos, ...others } = Object.fromEntries(await Promise.all(answers));
      expect(kratos).toEqual(["ETIMEOUT", "192.0.2.7"]);
      for (const [service, found] of Object.entries(others)) {
        expect(found, service).toEqual(["ETIMEOUT", expect.stringMatching(/^E/)]);
      }
      expect([...new Set(world.asked)]).toEqual(["from-kratos.example.com"]);
    });

    test("not at another tenant's bridge", async () => {
      expect(await ask("acme-kratos", await gateway("bigcorp-egress"), "elsewhere.example.com")).toBe(
        "ETIMEOUT",
      );
      expect(world.asked).not.toContain("elsewhere.example.com");
    });

    test("also after somebody has deleted the rule on INPUT, which is back within its watch", async () => {
      await stage().docker("exec", firewallContainer, ...withoutInputRule);
      expect(await secondsUntilRuled(stage().dockerHost, stage().images.firewall, 20)).toBeLessThan(10);
      const egress = await gateway("acme-egress");
      expect(await ask("acme-kratos", egress, "again.example.com")).toBe("192.0.2.7");
    });
  });

  test("names of the tenant's own are known to its containers, and no others", async () => {
    const hosts = await stage().docker("exec", "acme-hera", "cat", "/etc/hosts");
    for (const service of services) expect(hosts).toMatch(new RegExp(`^10\\.[\\d.]+\\s+${service}$`, "m"));
    expect(hosts).not.toContain("bigcorp");
  });
}
