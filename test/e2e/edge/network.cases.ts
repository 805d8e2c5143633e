import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { physicalName } from "../../../fleet/names.ts";
import { services } from "../../../fleet/tenant/parts.ts";
import { Neighbour } from "../../harness/namespace.ts";
import {
  HostService,
  hostAddresses,
  reached,
  reachFrom,
  reachFromHost,
  reachFromNeighbour,
  reachOnNetwork,
} from "../../harness/reach.ts";
import { everywhereIn, gatewayOf, listeningAt } from "../../harness/tenantAddresses.ts";
import { httpPort, httpsPort } from "../../harness/testFleet.ts";
import { type TwoTenants, tenantNames } from "../../harness/twoTenants.ts";

/** Where the neighbour answers, as a mail server would. */
const mailPort = 2525;

/** Each silence is paired with the same question from where an answer is due: the target was there. */
export function networkCases(stage: () => TwoTenants): void {
  // A network of the host that is no tenant's, where containers of others live.
  const others = "olympus-test-others";
  beforeAll(() => stage().fleet.docker("network", "create", "--subnet", "198.51.100.0/28", others));
  afterAll(() => stage().fleet.tryDocker("network", "rm", others));

  describe("between tenants", () => {
    test.each(services)("no address of bigcorp's answers acme's %s", async (service) => {
      const { fleet } = stage();
      const targets = await everywhereIn(fleet, "bigcorp");
      expect(targets).toHaveLength(8 * 6); // six addresses and two gateways, six ports
      expect(reached(await reachFrom(fleet, physicalName("acme", service), targets))).toEqual([]);
    });

    test("while bigcorp's own services reach each other at them", async () => {
      const { fleet } = stage();
      const listening = await listeningAt(fleet, "bigcorp");
      const found = await reachFrom(fleet, "bigcorp-kratos", listening);
      expect(Object.values(found)).toEqual(listening.map(() => "open"));
    });

    test("names mean the tenant's own services, and nobody else's", async () => {
      const { fleet } = stage();
      const lookUp = async (container: string, name: string) => {
        // Only the engine's own server is asked; it passes on what it does not know, which may take for ever.
        const script = `new (require("dns").Resolver)({ timeout: 1000, tries: 1 }).resolve4("${name}",
          (error, addresses) => console.log(error?.code ?? addresses.join()))`;
        return (await fleet.docker("exec", container, "node", "-e", script)).trim();
      };
      const own = await lookUp("acme-athena", "kratos");
      expect(own).toMatch(/^10\./);
      expect(await lookUp("bigcorp-athena", "kratos")).not.toBe(own);
      expect(await lookUp("bigcorp-athena", "acme-kratos")).toMatch(/^E/);
      expect(await lookUp("acme-athena", "bigcorp-postgres")).toMatch(/^E/);
    });

    test("no container has an IPv6 address by which to go round all this", async () => {
      const { fleet } = stage();
      for (const service of services) {
        const found = await fleet.docker("exec", physicalName("acme", service), "cat", "/proc/net/if_inet6");
        expect(found.split("\n").filter((line) => line !== "" && !line.endsWith(" lo"))).toEqual([]);
      }
    });
  });

  describe("from a tenant to the host", () => {
    let service: HostService;
    beforeAll(async () => {
      service = await HostService.start();
    });
    afterAll(() => service?.stop());

    const hostPorts = (addresses: readonly string[]) =>
      addresses.flatMap((address) => [
        `${address}:${service.port}`,
        `udp/${address}:${service.port}`,
        `${address}:${httpPort}`,
        `${address}:${httpsPort}`,
      ]);

    test.each(services)("no service of the host answers acme's %s, not even Caddy", async (name) => {
      const { fleet } = stage();
      const gateways = ["acme-internal", "acme-egress", "bigcorp-internal", "bigcorp-egress", others];
      const addresses = await Promise.all(gateways.map((network) => gatewayOf(fleet, network)));
      const targets = hostPorts([...new Set([...addresses, ...hostAddresses()])]);
      expect(targets.length).toBeGreaterThanOrEqual(4 * 6);
      expect(reached(await reachFrom(fleet, physicalName("acme", name), targets))).toEqual([]);
    });

    test("while they answer a container that is no tenant's", async () => {
      const { fleet } = stage();
      const targets = hostPorts([await gatewayOf(fleet, others)]);
      const found = await reachOnNetwork(fleet, others, targets);
      expect(Object.values(found)).toEqual(["open", "open", "open", "open"]);
    });
  });

  describe("between a tenant and the outside", () => {
    let neighbour: Neighbour;
    beforeAll(async () => {
      neighbour = await Neighbour.connect();
      await neighbour.serve(mailPort);
    });
    afterAll(() => neighbour?.disconnect());

    test("Kratos reaches a mail server, and no other service does", async () => {
      const { fleet } = stage();
      const target = `${neighbour.address}:${mailPort}`;
      const found = await Promise.all(
        services.map(async (service) => {
          const results = await reachFrom(fleet, physicalName("acme", service), [target]);
          return [service, results[target]];
        }),
      );
      expect(Object.fromEntries(found)).toEqual({
        postgres: "silent",
        kratos: "open",
        hydra: "silent",
        hera: "silent",
        athena: "silent",
      });
    });

    test("Kratos does not reach the link-local range, where clouds hand out credentials", async () => {
      const { fleet } = stage();
      await neighbour.answerAlsoAs("169.254.77.2");
      const target = `169.254.77.2:${mailPort}`;
      expect(await reachFromHost([target])).toEqual({ [target]: "open" });
      expect(await reachFrom(fleet, "acme-kratos", [target])).toEqual({ [target]: "silent" });
    });

    test("a machine next to the host reaches Caddy and nothing of a tenant's", async () => {
      const { fleet } = stage();
      await neighbour.letHostForward();
      const caddy = `${neighbour.hostAddress}:${httpsPort}`;
      expect(await reachFromNeighbour(neighbour, [caddy])).toEqual({ [caddy]: "open" });
      const all = await Promise.all(tenantNames.map((name) => everywhereIn(fleet, name)));
      // A gateway is the host itself: it answers "refused" for a port that nobody listens on, which is no way in.
      const found = reached(await reachFromNeighbour(neighbour, all.flat()));
      expect(found.filter((line) => !line.endsWith(" refused"))).toEqual([]);
      const listening = await Promise.all(tenantNames.map((name) => listeningAt(fleet, name)));
      expect(reached(await reachFromNeighbour(neighbour, listening.flat()))).toEqual([]);
    });

    test("another container of the host reaches nothing of a tenant's", async () => {
      const { fleet } = stage();
      const listening = await listeningAt(fleet, "acme");
      expect(reached(await reachOnNetwork(fleet, others, listening))).toEqual([]);
    });
  });
}
