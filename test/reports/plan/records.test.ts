import { describe, expect, test } from "vitest";
import { plannedFleet } from "../../../backends/docker/fleetPlan.ts";
import type { StackConfig, Tenant } from "../../../fleet/model.ts";
import { ringsInOrder } from "../../../fleet/rings/ring.ts";
import { sentence } from "../../../reports/plan/change.ts";
import { fleetChanges } from "../../../reports/plan/fleetChanges.ts";
import { cloudflareDns as dns, host, tenant, config as usual } from "../../fixtures.ts";

const hosts = {
  "eu-1": { ...host, name: "eu-1", publicAddress: ["203.0.113.1"] },
  "eu-2": { ...host, name: "eu-2", publicAddress: ["203.0.113.2", "2001:db8::2"] },
};
const config: StackConfig = { ...usual, hosts, dns };
const acme = tenant("acme", { host: "eu-1" });

const planned = (tenants: readonly Tenant[], change: Partial<StackConfig> = {}) =>
  plannedFleet({
    config: { ...config, ...change },
    tenants,
    rings: ringsInOrder(["stable"]),
    skipped: [],
    purges: [],
    releases: [],
  });

const now = new Date("2026-11-28T12:00:00Z");

/** What an edit does about DNS. */
function words(before: ReturnType<typeof planned>, after: ReturnType<typeof planned>): string[] {
  const { stack, tenants } = fleetChanges(before, after, now);
  return [
    ...stack.map((change) => ({ name: "stack", change })),
    ...tenants.flatMap(({ tenant: name, changes }) => changes.map((change) => ({ name, change }))),
  ]
    .filter(({ change }) => change.subject === "DNS")
    .map(({ name, change }) => `${name} ${change.effect}: ${sentence(change)}`);
}

const publicAddress = (...addresses: string[]) => ({
  hosts: { ...hosts, "eu-1": { ...hosts["eu-1"], publicAddress: addresses } },
});

describe("records at Cloudflare", () => {
  test("another address of the host: in place, and old answers live on", () => {
    expect(words(planned([acme]), planned([acme], publicAddress("203.0.113.9")))).toEqual([
      "acme interrupts: login record A 203.0.113.1 → 203.0.113.9; API record A 203.0.113.1 → 203.0.113.9, " +
        "changed in place; resolvers keep the old answer for up to 5 minutes",
    ]);
  });

  test("like changes of many tenants are told once", () => {
    const names = ["acme", "bigcorp", "corp"];
    const fleet = names.map((name) => tenant(name, { host: "eu-1" }));
    const { tenants } = fleetChanges(planned(fleet), planned(fleet, publicAddress("203.0.113.9")), now);
    expect(new Set(tenants.map(({ changes }) => changes.map(sentence).join())).size).toBe(1);
  });

  test("a name instead of an address: another type", () => {
    expect(words(planned([acme]), planned([acme], publicAddress("eu-1.example.net")))).toEqual([
      "acme interrupts: login record A 203.0.113.1 → CNAME eu-1.example.net; API record A 203.0.113.1 → CNAME " +
        "eu-1.example.net, deleted, then made again; resolvers keep the old answer for up to 5 minutes",
    ]);
  });

  test("a tenant that moves takes its records along", () => {
    expect(words(planned([acme]), planned([{ ...acme, host: "eu-2" }]))).toEqual([
      "acme interrupts: login record A 203.0.113.1 → 203.0.113.2; API record A 203.0.113.1 → 203.0.113.2, " +
        "changed in place; resolvers keep the old answer for up to 5 minutes",
      "acme in-place: login record AAAA 2001:db8::2 is new; API record AAAA 2001:db8::2 is new, " +
        "made before the site is published",
    ]);
  });

  test("an admin site that opens, and one that closes", () => {
    const open = { ...acme, admin: { ...acme.admin, allow: ["198.51.100.0/24"] } };
    expect(words(planned([acme]), planned([open]))).toEqual([
      "acme in-place: admin record A 203.0.113.1 is new, made before the site is published",
    ]);
    expect(words(planned([open]), planned([acme]))).toEqual([
      "acme interrupts: admin record A 203.0.113.1 is gone, no longer answered",
    ]);
  });

  test("a new tenant and one that goes need no word: its records come and go with it", () => {
    expect(words(planned([]), planned([acme]))).toEqual([]);
    expect(words(planned([acme]), planned([]))).toEqual([]);
  });

  test("a custom domain is its owner's to make", () => {
    expect(words(planned([acme]), planned([{ ...acme, domains: ["login.acme.com"] }]))).toEqual([
      "acme in-place: record login.acme.com CNAME acme.example.org is new, to be made by hand",
    ]);
  });
});

test("the wildcard of the edge", () => {
  const edge = { hosts: ["eu-2"], from: [] };
  const wildcard = { dns: { ...dns, mode: "wildcard" } as const, edge };
  const moved = { ...hosts, "eu-2": { ...hosts["eu-2"], publicAddress: ["203.0.113.3"] } };
  expect(words(planned([acme], wildcard), planned([acme], { ...wildcard, hosts: moved }))).toEqual([
    "stack interrupts: wildcard record of eu-2 AAAA 2001:db8::2 is gone, no longer answered",
    "stack interrupts: wildcard record of eu-2 A 203.0.113.2 → 203.0.113.3, " +
      "changed in place; resolvers keep the old answer for up to 5 minutes",
  ]);
});

test("by hand: what to change", () => {
  const none = { dns: { provider: "none", mode: "records" } as const };
  expect(words(planned([acme], none), planned([acme], { ...none, ...publicAddress("203.0.113.9") }))).toEqual(
    [
      "acme interrupts: login record A 203.0.113.1 → 203.0.113.9; API record A 203.0.113.1 → 203.0.113.9, " +
        "to be changed by hand; resolvers keep the old answer",
    ],
  );
});
