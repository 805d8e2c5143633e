import { describe, expect, test } from "vitest";
import { type DnsStage, wildcard } from "../../harness/dnsStage.ts";
import { changes } from "../../harness/testFleet.ts";

const quiet = ["--expect-no-changes"];
const type = "cloudflare:index/dnsRecord:DnsRecord";

export function wildcardCases(stage: () => DnsStage): void {
  describe("one wildcard", () => {
    test("is made, and found as it should be", async () => {
      await stage().fleet.up();
      expect(stage().zone.records).toMatchObject([
        { ...wildcard, proxied: false, comment: "olympus-fleet: all tenants, stack test" },
      ]);
      await stage().fleet.up(...quiet);
      await stage().fleet.up("--refresh", ...quiet);
    });

    test("an API that is down keeps nobody from what changes no record", async () => {
      stage().api.fail(502);
      const { output } = await stage().fleet.up(...quiet);
      stage().api.fail(undefined);
      expect(output).toContain("warning: Cloudflare's API did not answer");
    });

    test("another address changes it in place", async () => {
      await stage().fleet.configureHost({ publicAddress: ["203.0.113.11", "2001:DB8:0::11"] });
      const calls = await stage().calls(() => stage().fleet.up());
      expect(calls.filter((call) => !call.startsWith("GET"))).toEqual(["PUT 200", "POST 200"]);
      expect(stage().records).toEqual([
        "*.id.example.com A 203.0.113.11",
        "*.id.example.com AAAA 2001:db8::11",
      ]);
      await stage().fleet.up("--refresh", ...quiet);
    });

    test("a name instead of addresses: both go before it comes", async () => {
      await stage().fleet.configureHost({ publicAddress: ["eu-1.example.net"] });
      const calls = await stage().calls(() => stage().fleet.up());
      expect(calls.filter((call) => !call.startsWith("GET"))).toEqual([
        "DELETE 200",
        "DELETE 200",
        "POST 200",
      ]);
      expect(stage().records).toEqual(["*.id.example.com CNAME eu-1.example.net"]);
      await stage().fleet.up("--refresh", ...quiet);
    });

    test("and addresses instead of the name", async () => {
      await stage().fleet.configureHost({ publicAddress: ["203.0.113.11", "2001:db8::11"] });
      await stage().fleet.up();
      expect(stage().records).toEqual([
        "*.id.example.com A 203.0.113.11",
        "*.id.example.com AAAA 2001:db8::11",
      ]);
    });

    test("through the proxy and back, in place", async () => {
      await stage().configure({ proxied: true });
      const { output } = await stage().fleet.up();
      expect(output).toContain(
        "warning: Cloudflare's usual certificate covers names right below example.com",
      );
      expect(stage().zone.records).toMatchObject([
        { ttl: 1, proxied: true },
        { ttl: 1, proxied: true },
      ]);
      await stage().fleet.up("--refresh", ...quiet);
      await stage().configure({});
      await stage().fleet.up();
      expect(stage().zone.records).toMatchObject([
        { ttl: 300, proxied: false },
        { ttl: 300, proxied: false },
      ]);
    });

    test("edited by hand, removed by hand: seen and mended", async () => {
      const [a, aaaa] = stage().zone.records;
      if (a === undefined || aaaa === undefined) throw new Error("the records are gone");
      stage().zone.update(a.id, { content: "198.51.100.9", ttl: 3600, proxied: false }, false);
      stage().zone.delete(aaaa.id);
      const refresh = await stage().fleet.stack.preview({ args: ["--refresh"] });
      expect(refresh.output).toMatch(/~ +1 to update|\+ +1 to create/);
      const { created, updated } = changes(await stage().fleet.up("--refresh"));
      expect([updated, created]).toEqual([["dns-wildcard-local"], ["dns-wildcard-local-2"]]);
      expect(stage().zone.records).toMatchObject([
        { content: "203.0.113.11", ttl: 300 },
        { content: "2001:db8::11", ttl: 300 },
      ]);
    });

    test("taken over as docs/dns-tls.md says: no moment without it", async () => {
      const urn = (what: string) => `urn:pulumi:test::olympus::${what}`;
      const [, second] = stage().zone.records;
      if (second === undefined) throw new Error("the record is gone");
      await stage().fleet.configureHost({ publicAddress: ["203.0.113.11"] });
      await stage().fleet.up();
      const byHand = { ...wildcard, type: "AAAA", content: "2001:db8::11", ttl: 3600 };
      const { id } = stage().zone.create({ ...byHand, comment: "olympus-fleet: all tenants, stack test" });
      const imported = await stage().fleet.stack.import([
        type,
        "dns-wildcard-local-2",
        `${stage().zone.id}/${id}`,
        ...["--parent", `dns=${urn("olympus:fleet:DnsZone::dns")}`],
        ...["--provider", `zone=${urn("olympus:fleet:DnsZone$pulumi:providers:cloudflare::dns")}`],
        "--protect=false",
      ]);
      expect(imported.exitCode, imported.output).toBe(0);
      await stage().fleet.configureHost({ publicAddress: ["203.0.113.11", "2001:db8::11"] });
      const calls = await stage().calls(() => stage().fleet.up());
      expect(calls.filter((call) => !call.startsWith("GET"))).toEqual(["PUT 200"]);
      expect(stage().zone.records.find((record) => record.id === id)).toMatchObject({ ttl: 300 });
    });
  });
}
