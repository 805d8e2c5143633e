import { describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { ServiceAnswer, ServiceAnswers } from "../../backends/docker/services.ts";
import { releaseId } from "../../fleet/release.ts";
import type { Ledger, Verification } from "../../fleet/rings/ledger.ts";
import { services } from "../../fleet/tenant/parts.ts";
import { findingOf } from "../../program/tenantHealth.ts";
import { config, host, tenant } from "../fixtures.ts";

const acme = tenant("acme", { ring: "canary" });
const one = { tenant: acme, plan: plannedTenant(acme, host, config) };
const since = new Date("2026-11-28T12:00:00Z");
const verification: Verification = { id: releaseId(acme.wanted), release: "2026.11", at: since };
const ledger = (change: Partial<Verification> = {}): Ledger => ({
  given: new Map(),
  since: new Map(),
  verified: new Map([["canary", [{ ...verification, ...change }]]]),
});

/** All services well, but for what is laid over Kratos's. */
function answers(kratos?: Partial<ServiceAnswer>, change: Partial<ServiceAnswers> = {}): ServiceAnswers {
  const all = services.map((service): [string, ServiceAnswer] => {
    const container = `acme-${service}`;
    const well = {
      container,
      state: "running",
      restarts: 0,
      startedAt: undefined,
      image: "registry.test/any:1",
      isHealthy: true,
    };
    return [container, { ...well, ...(service === "kratos" ? kratos : {}) }];
  });
  const trials = new Map([["acme", { isGood: true } as const]]);
  return { isAnswered: true, isWhole: true, services: new Map(all), trials, ...change };
}

test("all that is well passes", () => {
  expect(findingOf(one, answers(), ledger())).toEqual({ kind: "passed" });
});

test.each<[string, Partial<ServiceAnswer>, string]>([
  ["that has ended", { state: "exited", isHealthy: undefined }, "kratos of acme does not run: exited"],
  ["that is not healthy", { isHealthy: false }, "kratos of acme is not healthy"],
  [
    "that was started again by itself",
    { restarts: 2, startedAt: new Date("2026-11-28T13:00:00Z") },
    "kratos of acme has ended by itself, and was started again at 2026-11-28T13:00:00.000Z",
  ],
])("a service %s is a failure", (_, kratos, words) => {
  expect(findingOf(one, answers(kratos), ledger())).toEqual({ kind: "failed", words });
});

describe("restarts", () => {
  const restarted = { restarts: 2, startedAt: new Date("2026-11-28T11:00:00Z") };

  test("of before the ring was healthy count for nothing", () => {
    expect(findingOf(one, answers(restarted), ledger())).toEqual({ kind: "passed" });
  });

  test("that were told once are not held against it again", () => {
    const told = ledger({
      at: new Date("2026-11-28T10:00:00Z"),
      failure: { at: since, words: "it had ended" },
    });
    expect(findingOf(one, answers(restarted), told)).toEqual({ kind: "passed" });
  });
});

test("a tenant that is healthy and does not work is a failure, one that nobody could try is not known", () => {
  const complaint = "hydra gives no token: POST /oauth2/token: 500";
  const trials = new Map([["acme", { isGood: false, complaint } as const]]);
  expect(findingOf(one, answers(undefined, { trials }), ledger())).toEqual({
    kind: "failed",
    words: "acme is healthy, and its hydra gives no token: POST /oauth2/token: 500",
  });
  expect(findingOf(one, answers(undefined, { trials: new Map() }), ledger())).toEqual({
    kind: "unknown",
    words: "nobody could try to sign in at acme in time",
  });
});

test("a service that is gone is a failure", () => {
  const all = answers();
  const rest = new Map([...all.services].filter(([name]) => name !== "acme-hydra"));
  expect(findingOf(one, { ...all, services: rest }, ledger())).toEqual({
    kind: "failed",
    words: "hydra of acme is not there",
  });
});

test("what has not answered is not known", () => {
  const cutOff = answers(undefined, { isWhole: false, services: new Map([...answers().services].slice(1)) });
  expect(findingOf(one, cutOff, ledger())).toMatchObject({ kind: "unknown" });
  expect(findingOf(one, answers({ isHealthy: undefined }), ledger())).toEqual({
    kind: "unknown",
    words: "kratos of acme has not answered in time",
  });
  const silent = { isAnswered: false, isWhole: false, services: new Map(), trials: new Map() };
  expect(findingOf(one, silent, ledger())).toEqual({
    kind: "unknown",
    words: "host local does not answer, so acme could not be asked",
  });
});
