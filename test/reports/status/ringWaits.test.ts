import { expect, test } from "vitest";
import type { Fleet } from "../../../fleet/model.ts";
import { releaseId } from "../../../fleet/release.ts";
import { recordOf, verificationRecordOf } from "../../../fleet/rings/record.ts";
import { ringsInOrder } from "../../../fleet/rings/ring.ts";
import { healthyWords, ringStatus, ringWaitWords } from "../../../reports/status/rings.ts";
import { ringFacts } from "../../../reports/status/ringWaits.ts";
import type { TenantStatus } from "../../../reports/status/status.ts";
import { config, tenant } from "../../fixtures.ts";
import { release } from "../../fleet/rings/simulation.ts";

const [old, next] = [release("2026.11"), release("2026.12")];
const fleet: Fleet = {
  config,
  rings: ringsInOrder(["canary", "stable"]).map((ring) =>
    ring.name === "canary" ? { ...ring, bakeSeconds: 24 * 3600 } : ring,
  ),
  tenants: [
    tenant("c1", { ring: "canary", wanted: next, release: next }),
    tenant("s1", { ring: "stable", wanted: next, release: next }),
  ],
  releases: [old, next],
  skipped: [],
  purges: [],
};
const since = new Date("2026-11-28T12:00:00Z");
const now = new Date("2026-11-28T18:00:00Z");

const resource = (type: string, name: string, outputs: object) => ({
  urn: `urn:pulumi:prod::olympus-fleet::olympus:fleet:${type}::${name}`,
  type: `olympus:fleet:${type}`,
  outputs,
});
const state = (failure?: { at: Date; words: string }) =>
  JSON.stringify({
    deployment: {
      resources: [
        resource("TenantStack", "c1", { given: { release: recordOf(next) } }),
        resource("TenantStack", "s1", { given: { release: recordOf(old) } }),
        resource("Ring", "canary", {
          verified: [verificationRecordOf({ id: releaseId(next), release: "2026.12", at: since, failure })],
        }),
      ],
    },
  });

const status = (name: string, ring: string, kratos: "healthy" | "unhealthy" = "healthy"): TenantStatus => ({
  tenant: name,
  host: "local",
  ring,
  state: "active",
  verdict: "well",
  release: "2026.12",
  running: [],
  services: { postgres: "healthy", kratos, hydra: "healthy", hera: "healthy", athena: "healthy" },
  restarts: 0,
  serviceRestarts: {},
  isWritten: true,
  usedMiB: undefined,
  space: undefined,
  pages: [],
  sites: [],
  certificate: undefined,
  certificateDays: undefined,
  complaints: [],
});

function told(tenants: readonly TenantStatus[], text = state()) {
  const facts = ringFacts(fleet, text, tenants, now);
  return ringStatus(["canary", "stable"], tenants, facts).map((ring) => [
    ring.ring,
    healthyWords(ring),
    ringWaitWords(ring),
  ]);
}

test("of a ring it says since when it is healthy with what, and what waits for it until when", () => {
  expect(told([status("c1", "canary"), status("s1", "stable")])).toEqual([
    ["canary", "2026.12, 2026-11-28 12:00 UTC", ""],
    [
      "stable",
      "?",
      "2026.12: canary must be healthy with it for 24h: since 2026-11-28 12:00 UTC, until 2026-11-29 12:00 UTC",
    ],
  ]);
});

test("what is ill now counts as the next run would count it", () => {
  const [, stable] = told([status("c1", "canary", "unhealthy"), status("s1", "stable")]);
  expect(stable?.[2]).toBe("2026.12: canary is not healthy with it: kratos of c1 is unhealthy");
});

test("so does a site that has failed a good part of its visitors", () => {
  const sites = [{ site: "login", visits: 120, failed: 37, since: "2026-11-28T17:45:00.000Z" }];
  const [, stable] = told([{ ...status("c1", "canary"), sites }, status("s1", "stable")]);
  expect(stable?.[2]).toBe(
    "2026.12: canary is not healthy with it: c1's login site answered 37 of 120 visits with 5xx since 2026-11-28 17:45 UTC",
  );
});

test("not where that may be what visitors met while the release came", () => {
  const sites = [{ site: "login", visits: 120, failed: 37, since: "2026-11-28T11:59:00.000Z" }];
  const [, stable] = told([{ ...status("c1", "canary"), sites }, status("s1", "stable")]);
  expect(stable?.[2]).toMatch(/^2026\.12: canary must be healthy with it for 24h: since/);
});

test("a ring that was not well later is not healthy since then", () => {
  const [canary] = told([status("c1", "canary")], state({ at: now, words: "kratos of c1 is not healthy" }));
  expect(canary?.[1]).toBe("?");
});

test("where nobody asked Pulumi's state nothing is said of it", () => {
  expect(ringStatus(["canary"], [status("c1", "canary")])[0]).not.toHaveProperty("waits");
});
