import { describe, expect, test } from "vitest";
import { dnsAdvice } from "../../../fleet/dns/advice.ts";
import {
  recordComment,
  recordLine,
  stackRecords,
  tenantRecords,
  ttlSeconds,
} from "../../../fleet/dns/records.ts";
import type { Dns, Host, StackConfig } from "../../../fleet/model.ts";
import { cloudflareDns, host, tenant, config as usual } from "../../fixtures.ts";

const cloudflare = (change: object = {}): Dns => ({ ...cloudflareDns, ...change });

const reached = (...publicAddress: string[]): Host => ({ ...host, publicAddress });

const stack = (change: Partial<StackConfig>): StackConfig => ({ ...usual, dns: cloudflare(), ...change });

const acme = tenant("acme");
const open = tenant("acme", { admin: { ...acme.admin, allow: ["198.51.100.0/24"] } });

describe("a record per name", () => {
  test.each<[string, string[], string[]]>([
    ["an IPv4 address", ["203.0.113.10"], ["A 203.0.113.10"]],
    ["an IPv6 address", ["2001:db8::10"], ["AAAA 2001:db8::10"]],
    [
      "both, the IPv4 address first",
      ["2001:db8::10", "203.0.113.10"],
      ["A 203.0.113.10", "AAAA 2001:db8::10"],
    ],
    ["a host name", ["eu-1.example.net"], ["CNAME eu-1.example.net"]],
    ["an address as Cloudflare prints it", ["2001:DB8:0:0::10"], ["AAAA 2001:db8::10"]],
  ])("to %s", (_what, publicAddress, answers) => {
    const found = tenantRecords(acme, stack({ hosts: { local: reached(...publicAddress) } }));
    expect(found.map(recordLine)).toEqual(
      ["acme.example.org", "acme-api.example.org"].flatMap((name) =>
        answers.map((answer) => `${name} ${answer}`),
      ),
    );
    expect(found.every(({ by }) => by === "program")).toBe(true);
  });

  test("an open admin site has one, a closed one has none", () => {
    const config = stack({ hosts: { local: reached("203.0.113.10") } });
    expect(tenantRecords(acme, config).map(({ part }) => part)).toEqual(["dns-login", "dns-api"]);
    expect(tenantRecords(open, config).map(({ part }) => part)).toEqual([
      "dns-login",
      "dns-api",
      "dns-admin",
    ]);
  });

  test("a name's second record comes after its first and goes with it", () => {
    const config = stack({ hosts: { local: reached("203.0.113.10", "2001:db8::10") } });
    expect(tenantRecords(acme, config).map(({ part, after }) => [part, after])).toEqual([
      ["dns-login", undefined],
      ["dns-login-2", "dns-login"],
      ["dns-api", undefined],
      ["dns-api-2", "dns-api"],
    ]);
  });

  test("a record bears the same logical name on another host, and when its type changes", () => {
    const parts = (...publicAddress: string[]) =>
      tenantRecords(acme, stack({ hosts: { local: reached(...publicAddress) } })).map(({ part }) => part);
    expect(parts("203.0.113.10")).toEqual(parts("eu-1.example.net"));
    expect(parts("203.0.113.10")).toEqual(parts("2001:db8::10"));
  });
});

describe("one wildcard", () => {
  const wildcard = (change: Partial<StackConfig>) =>
    stackRecords(stack({ dns: cloudflare({ mode: "wildcard" }), ...change }));
  const edge = (name: string, ...publicAddress: string[]): Host => ({ ...host, name, publicAddress });

  test("to the only host", () => {
    const found = wildcard({ hosts: { local: reached("203.0.113.10") } });
    expect(found.map(recordLine)).toEqual(["*.example.org A 203.0.113.10"]);
    const config = stack({
      dns: cloudflare({ mode: "wildcard" }),
      hosts: { local: reached("203.0.113.10") },
    });
    expect(tenantRecords(open, config)).toEqual([]);
  });

  test("to every edge, past none", () => {
    const hosts = {
      local: reached("203.0.113.10"),
      "edge-1": edge("edge-1", "198.51.100.1", "2001:db8::1"),
      "edge-2": edge("edge-2", "198.51.100.2"),
    };
    const found = wildcard({ hosts, edge: { hosts: ["edge-1", "edge-2"], from: [] } });
    expect(found.map((record) => [record.part, recordLine(record)])).toEqual([
      ["dns-wildcard-edge-1", "*.example.org A 198.51.100.1"],
      ["dns-wildcard-edge-1-2", "*.example.org AAAA 2001:db8::1"],
      ["dns-wildcard-edge-2", "*.example.org A 198.51.100.2"],
    ]);
  });
});

describe("by hand", () => {
  test("all of them without a provider; a host whose address nobody has said is named", () => {
    const found = tenantRecords(acme, usual);
    expect(found.map(recordLine)).toEqual([
      "acme.example.org A <address of host local>",
      "acme-api.example.org A <address of host local>",
    ]);
    expect(found.every(({ by }) => by === "hand")).toBe(true);
  });

  test("custom domains, which follow the tenant's own name", () => {
    const bigcorp = tenant("bigcorp", { domains: ["login.bigcorp.com"] });
    const found = tenantRecords(bigcorp, stack({ hosts: { local: reached("203.0.113.10") } }));
    expect(found.filter(({ by }) => by === "hand").map(recordLine)).toEqual([
      "login.bigcorp.com CNAME bigcorp.example.org",
    ]);
  });

  test("custom domains past the proxy, which does not know them, to where it would lead", () => {
    const bigcorp = tenant("bigcorp", { domains: ["login.bigcorp.com"] });
    const config = stack({
      dns: cloudflare({ mode: "wildcard", proxied: true }),
      hosts: { local: reached("203.0.113.10", "2001:db8::10") },
    });
    expect(tenantRecords(bigcorp, config).map(recordLine)).toEqual([
      "login.bigcorp.com A 203.0.113.10",
      "login.bigcorp.com AAAA 2001:db8::10",
    ]);
  });

  test.each<[string, string[], string[]]>([
    ["bigcorp.com", ["203.0.113.10", "2001:db8::10"], ["A 203.0.113.10", "AAAA 2001:db8::10"]],
    ["bigcorp.co.uk", ["eu-1.example.net"], ["ALIAS eu-1.example.net"]],
    ["bigcorp.com", [], ["A <address of host local>"]],
    ["www.bigcorp.co.uk", ["203.0.113.10"], ["CNAME bigcorp.example.org"]],
  ])("the top of a zone takes no CNAME: %s to %j", (name, publicAddress, answers) => {
    const bigcorp = tenant("bigcorp", { domains: [name] });
    const found = tenantRecords(bigcorp, stack({ hosts: { local: reached(...publicAddress) } }));
    expect(found.filter(({ by }) => by === "hand").map(recordLine)).toEqual(
      answers.map((answer) => `${name} ${answer}`),
    );
  });

  test("the top of a zone leads to the edge where there is one", () => {
    const hosts = {
      local: reached("203.0.113.10"),
      "edge-1": { ...reached("198.51.100.1"), name: "edge-1" },
    };
    const config = stack({
      hosts,
      edge: { hosts: ["edge-1"], from: [] },
      dns: cloudflare({ mode: "wildcard" }),
    });
    expect(tenantRecords(tenant("bigcorp", { domains: ["bigcorp.com"] }), config).map(recordLine)).toEqual([
      "bigcorp.com A 198.51.100.1",
    ]);
  });

  test("none for localhost, which every machine knows", () => {
    const config = stack({ domain: "localhost", dns: { provider: "none", mode: "wildcard" } });
    expect(stackRecords(config)).toEqual([]);
    expect(tenantRecords(tenant("bigcorp", { domains: ["login.bigcorp.com"] }), config)).toEqual([]);
  });
});

test("what Cloudflare proxies has a time to live of its own", () => {
  expect(ttlSeconds({ dns: cloudflare() })).toBe(300);
  expect(ttlSeconds({ dns: cloudflare({ proxied: true }) })).toBe(1);
});

test("a comment says whose a record is, in what a free zone takes", () => {
  expect(recordComment({ stack: "prod" }, "acme")).toBe("olympus-fleet: tenant acme, stack prod");
  expect(recordComment({ stack: "prod" })).toBe("olympus-fleet: all tenants, stack prod");
  expect(recordComment({ stack: "s".repeat(100) }, "a".repeat(30))).toHaveLength(100);
});

describe("advice", () => {
  const advice = (config: StackConfig, count = 1) =>
    dnsAdvice(
      config,
      Array.from({ length: count }, (_, index) => tenantRecords(tenant(`t${index}`), config)).flat(),
    );
  const hosts = { local: reached("203.0.113.10") };

  test("none for what needs none", () => {
    expect(advice(stack({ hosts }))).toEqual([]);
    expect(advice(stack({ hosts, dns: cloudflare({ proxied: true }) }))).toEqual([]);
    expect(advice(usual, 300)).toEqual([]);
  });

  test("a certificate that Cloudflare does not have by itself", () => {
    const config = stack({ hosts, domain: "id.example.org", dns: cloudflare({ proxied: true }) });
    expect(advice(config)).toEqual([
      "Cloudflare's usual certificate covers names right below example.org, and *.id.example.org lies deeper: order an " +
        "advanced certificate for it there, or browsers refuse to connect (olympus:dns.proxied).",
    ]);
  });

  test("a port that the proxy does not take", () => {
    const other = { local: { ...reached("203.0.113.10"), httpsPort: 9443 } };
    expect(advice(stack({ hosts: other }))).toEqual([]);
    expect(advice(stack({ hosts: other, dns: cloudflare({ proxied: true }) }))).toEqual([
      "Cloudflare's proxy takes HTTPS on the ports 443, 2053, 2083, 2087, 2096, 8443, and hosts have 9443: visitors do not " +
        "get through.",
    ]);
  });

  test("more records than a free zone holds", () => {
    expect(advice(stack({ hosts }), 101)).toEqual([
      "202 DNS records: a free zone at Cloudflare holds 200, a paid one 3500. With mode: wildcard there is one for all tenants.",
    ]);
  });

  test("custom domains past the proxy", () => {
    const config = stack({ hosts, dns: cloudflare({ proxied: true }) });
    const records = tenantRecords(tenant("bigcorp", { domains: ["login.bigcorp.com"] }), config);
    expect(dnsAdvice(config, records)).toEqual([
      "Cloudflare's proxy answers for names of example.org alone, so custom domains lead past it (login.bigcorp.com): " +
        "their owners must change them when a tenant moves.",
    ]);
  });

  test("the top of a zone, no matter who makes the records", () => {
    const config = { ...usual, hosts: { local: reached("eu-1.example.net") } };
    const records = tenantRecords(
      tenant("bigcorp", { domains: ["bigcorp.com", "login.bigcorp.com"] }),
      config,
    );
    expect(dnsAdvice(config, records)).toEqual([
      "No CNAME may stand at the top of a zone, so bigcorp.com leads to addresses: the owner must change them when the tenant " +
        "moves or the host's address changes. A name below it, such as login.bigcorp.com, follows by itself. ALIAS is what " +
        "some providers call a name that leads to another one there; without it, the host's addresses.",
    ]);
    const two = tenantRecords(tenant("bigcorp", { domains: ["bigcorp.com", "bigcorp.org"] }), config);
    expect(dnsAdvice(config, two)[0]).toContain("so bigcorp.com, bigcorp.org lead to addresses");
  });
});
