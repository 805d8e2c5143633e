import { describe, expect, test } from "vitest";
import { cloudflareFault } from "../../../fleet/dns/cloudflareFault.ts";
import { type FoundRecord, recordConflicts } from "../../../fleet/dns/conflicts.ts";
import { tenantRecords } from "../../../fleet/dns/records.ts";
import type { DnsMode, StackConfig } from "../../../fleet/model.ts";
import { host, tenant, config as usual } from "../../fixtures.ts";

const config = (mode: DnsMode): StackConfig => ({
  ...usual,
  hosts: { local: { ...host, publicAddress: ["203.0.113.10"] } },
  dns: { provider: "cloudflare", mode, zone: "example.org", zoneId: "z", proxied: false },
});

const acme = tenant("acme");
const found = (change: Partial<FoundRecord>): FoundRecord => ({
  name: "acme.example.org",
  type: "A",
  content: "198.51.100.1",
  ...change,
});

function conflicts(mode: DnsMode, ...records: FoundRecord[]): string[] {
  const stack = config(mode);
  return recordConflicts(stack, [{ tenant: "acme", records: tenantRecords(acme, stack) }], records);
}

describe("a record per name", () => {
  test.each<[string, Partial<FoundRecord>]>([
    ["one of ours", { comment: "olympus-fleet: tenant acme, stack test" }],
    ["one at another name", { name: "acme-shop.example.org" }],
    ["a text at the same name", { type: "TXT" }],
    ["one at a closed admin site, which needs none", { name: "acme-admin.example.org" }],
    ["a wildcard, which ours go before", { name: "*.example.org" }],
  ])("is not in conflict with %s", (_what, change) => {
    expect(conflicts("records", found(change))).toEqual([]);
  });

  test.each<[string, Partial<FoundRecord>, string]>([
    ["one made by hand", {}, "acme.example.org: the zone has A 198.51.100.1"],
    [
      "one that another stack has made",
      { comment: "olympus-fleet: tenant acme, stack dev" },
      "acme.example.org",
    ],
    [
      "a name",
      { type: "CNAME", content: "old.example.net" },
      "acme.example.org: the zone has CNAME old.example.net",
    ],
    ["one without a comment", { comment: "" }, "acme.example.org"],
  ])("is in conflict with %s", (_what, change, words) => {
    const [line = "", ...more] = conflicts("records", found(change));
    expect(line).toContain(words);
    expect(line).toMatch(/this stack has not made it\. Delete it at Cloudflare, or take it over/);
    expect(more).toEqual([]);
  });
});

describe("one wildcard", () => {
  test.each<[string, Partial<FoundRecord>]>([
    ["ours", { name: "*.example.org", comment: "olympus-fleet: all tenants, stack test" }],
    ["a name that no tenant has", { name: "www.example.org" }],
    ["a tenant's record of before, which goes", { comment: "olympus-fleet: tenant acme, stack test" }],
  ])("is not in conflict with %s", (_what, change) => {
    expect(conflicts("wildcard", found(change))).toEqual([]);
  });

  test("is in conflict with another wildcard", () => {
    expect(conflicts("wildcard", found({ name: "*.example.org" }))).toEqual([
      "*.example.org: the zone has A 198.51.100.1, and this stack has not made it. Delete it at Cloudflare, or take it " +
        "over as docs/dns-tls.md says.",
    ]);
  });

  test("does not reach a tenant's name that has a record of its own, of whatever type", () => {
    expect(conflicts("wildcard", found({ name: "acme-api.example.org", type: "TXT", content: "x" }))).toEqual(
      [
        "acme-api.example.org: the zone has TXT x, and the wildcard does not reach names that have a record of their own. " +
          "Delete it at Cloudflare.",
      ],
    );
  });
});

describe("an API that cannot be asked", () => {
  const answer = (status: string, body: string) =>
    `Invoke of cloudflare:index/getDnsRecords failed: failed to make http request: GET "https://api/zones/z/dns_records": ${status} ${body}`;

  test("because of the token", () => {
    const body =
      '{"success":false,"errors":[{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}]}';
    expect(cloudflareFault("example.org", answer("400 Bad Request", body))).toEqual({
      isOurs: true,
      words:
        "Cloudflare refuses the token olympus:cloudflareApiToken for zone example.org: Invalid request headers (6003), Invalid " +
        "format for Authorization header (6111). Check olympus:dns.zoneId; then make a token with the permission Zone, DNS, Edit for " +
        "example.org, and write it with `pulumi config set --secret olympus:cloudflareApiToken`.",
    });
  });

  test("because of the zone", () => {
    const body = '{"errors":[{"code":7003,"message":"Could not route to /zones/z/dns_records"}]}';
    expect(cloudflareFault("example.org", answer("404 Not Found", body))).toEqual({
      isOurs: true,
      words:
        "Cloudflare does not know the zone olympus:dns.zoneId: Could not route to /zones/z/dns_records (7003).",
    });
  });

  test.each([
    [answer("502 Bad Gateway", "error code: 502"), "502 Bad Gateway error code: 502"],
    [
      answer("429 Too Many Requests", '{"errors":[{"code":971,"message":"Please wait"}]}'),
      "Please wait (971)",
    ],
    ["dial tcp: lookup api.cloudflare.com: no such host", "no such host"],
  ])("for reasons of its own: %s", (message, words) => {
    const fault = cloudflareFault("example.org", message);
    expect(fault.isOurs).toBe(false);
    expect(fault.words).toContain(words);
  });
});
