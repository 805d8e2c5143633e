import { describe, expect, test } from "vitest";
import type { Visits } from "../../backends/docker/caddy/visits.ts";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { Known } from "../../backends/docker/known.ts";
import type { ServiceAnswer, ServiceAnswers } from "../../backends/docker/services.ts";
import { releaseId } from "../../fleet/release.ts";
import type { Ledger, Verification } from "../../fleet/rings/ledger.ts";
import { services } from "../../fleet/tenant/parts.ts";
import { comingBack, findingOf } from "../../program/tenantHealth.ts";
import { config, host, tenant } from "../fixtures.ts";

const acme = tenant("acme", { ring: "canary" });
const one = { tenant: acme, plan: plannedTenant(acme, host, config) };
const since = new Date("2026-11-28T12:00:00Z");
const verification: Verification = { id: releaseId(acme.wanted), release: "2026.11", at: since };
const now = new Date("2026-11-28T18:00:00Z");
const ledger = (change: Partial<Verification> = {}): Ledger => ({
  given: new Map(),
  since: new Map(),
  left: new Map(),
  verified: new Map([["canary", [{ ...verification, ...change }]]]),
});

const noVisits: Visits = { answered: 0, failed: 0, oldestSeconds: undefined };

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
  const visits = new Map(["login", "api"].map((site) => [`acme.${site}`, noVisits]));
  return { isAnswered: true, isWhole: true, services: new Map(all), trials, visits, ...change };
}

test("all that is well passes", () => {
  expect(findingOf(one, answers(), ledger(), now)).toEqual({ kind: "passed" });
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
  expect(findingOf(one, answers(kratos), ledger(), now)).toEqual({ kind: "failed", words });
});

describe("restarts", () => {
  const restarted = { restarts: 2, startedAt: new Date("2026-11-28T11:00:00Z") };

  test("of before the ring was healthy count for nothing", () => {
    expect(findingOf(one, answers(restarted), ledger(), now)).toEqual({ kind: "passed" });
  });

  test("that were told once are not held against it again", () => {
    const told = ledger({
      at: new Date("2026-11-28T10:00:00Z"),
      failure: { at: since, words: "it had ended" },
    });
    expect(findingOf(one, answers(restarted), told, now)).toEqual({ kind: "passed" });
  });
});

test("a tenant that is healthy and does not work is a failure, one that nobody could try is not known", () => {
  const complaint = "hydra gives no token: POST /oauth2/token: 500";
  const trials = new Map([["acme", { isGood: false, complaint } as const]]);
  expect(findingOf(one, answers(undefined, { trials }), ledger(), now)).toEqual({
    kind: "failed",
    words: "acme is healthy, and its hydra gives no token: POST /oauth2/token: 500",
  });
  expect(findingOf(one, answers(undefined, { trials: new Map() }), ledger(), now)).toEqual({
    kind: "unknown",
    words: "nobody could try to sign in at acme in time",
  });
});

test("a service that is gone is a failure", () => {
  const all = answers();
  const rest = new Map([...all.services].filter(([name]) => name !== "acme-hydra"));
  expect(findingOf(one, { ...all, services: rest }, ledger(), now)).toEqual({
    kind: "failed",
    words: "hydra of acme is not there",
  });
});

test("one that was suspended and comes back in this run is not known: nothing of it is there to be asked", () => {
  const resource = (type: string, name: string) => ({ type, name, outputs: {} });
  const keeper = resource("command:local:Command", "acme-gate-keeper");
  const service = (name: string) => resource("docker:index/container:Container", `${name}-kratos`);
  const known = new Known([keeper, service("bigcorp")]);
  expect(comingBack(new Set(["acme", "bigcorp"]), known)).toEqual(
    new Map([["acme", { kind: "unknown", words: "acme comes back in this run" }]]),
  );
  // Its keeper is there until its services are up.
  expect(comingBack(new Set(["acme"]), new Known([keeper, service("acme")]))).toEqual(new Map());
  expect(comingBack(new Set(["acme"]), undefined)).toEqual(new Map());
});

test("what has not answered is not known", () => {
  const cutOff = answers(undefined, { isWhole: false, services: new Map([...answers().services].slice(1)) });
  expect(findingOf(one, cutOff, ledger(), now)).toMatchObject({ kind: "unknown" });
  expect(findingOf(one, answers({ isHealthy: undefined }), ledger(), now)).toEqual({
    kind: "unknown",
    words: "kratos of acme has not answered in time",
  });
  const silent = {
    isAnswered: false,
    isWhole: false,
    services: new Map(),
    trials: new Map(),
    visits: new Map(),
  };
  expect(findingOf(one, silent, ledger(), now)).toEqual({
    kind: "unknown",
    words: "host local does not answer, so acme could not be asked",
  });
});

describe("what visitors were answered since the ring was verified", () => {
  const hour = 3600;
  const known = { oldestSeconds: 20 * hour };
  /** Of the login site; the others have had no visitors. */
  const login = (change: Partial<Visits>) =>
    answers(undefined, {
      visits: new Map([...answers().visits, ["acme.login", { ...noVisits, ...known, ...change }]]),
    });
  const since = "2026-11-28 12:00 UTC";

  test.each<[string, Partial<Visits>, string]>([
    [
      "a third of them with 5xx",
      { answered: 120, failed: 37 },
      `acme's login site answered 37 of 120 visits with 5xx since ${since}`,
    ],
    [
      "each of a few",
      { answered: 5, failed: 5 },
      `acme's login site answered 5 of 5 visits with 5xx since ${since}`,
    ],
    [
      "more than one in twenty",
      { answered: 119, failed: 6 },
      `acme's login site answered 6 of 119 visits with 5xx since ${since}`,
    ],
    [
      "some of them, where the earlier ones are not known any more",
      { answered: 30, failed: 20, oldestSeconds: 2 * hour },
      "acme's login site answered 20 of 30 visits with 5xx since 2026-11-28 16:00 UTC",
    ],
  ])("is a failure: %s", (_, change, words) => {
    expect(findingOf(one, login(change), ledger(), now)).toEqual({ kind: "failed", words });
  });

  test.each<[string, Partial<Visits>]>([
    ["nobody came", { answered: 0, oldestSeconds: undefined }],
    ["four errors, which one broken client makes", { answered: 4, failed: 4 }],
    ["one in twenty", { answered: 120, failed: 6 }],
    ["errors, as many as they are, of a site with many visitors", { answered: 100_000, failed: 5000 }],
  ])("is none: %s", (_, change) => {
    expect(findingOf(one, login(change), ledger(), now)).toEqual({ kind: "passed" });
  });

  test("is not hidden by visitors of another site", () => {
    const visits = new Map([
      ["acme.login", { ...known, answered: 100_000, failed: 0 }],
      ["acme.api", { ...known, answered: 20, failed: 9 }],
    ]);
    expect(findingOf(one, answers(undefined, { visits }), ledger(), now)).toEqual({
      kind: "failed",
      words: `acme's api site answered 9 of 20 visits with 5xx since ${since}`,
    });
  });

  test("is a pause where nobody knows it, and no pass", () => {
    const visits = new Map([["acme.login", noVisits]]);
    expect(findingOf(one, answers(undefined, { visits }), ledger(), now)).toEqual({
      kind: "unknown",
      words: "nobody knows what acme's api site has answered",
    });
  });

  test("is told before what could not be asked, and after what has failed itself", () => {
    const ill = login({ answered: 10, failed: 10 });
    expect(findingOf(one, { ...ill, trials: new Map() }, ledger(), now)).toMatchObject({ kind: "failed" });
    const all = answers({ isHealthy: false }, { visits: ill.visits });
    expect(findingOf(one, all, ledger(), now)).toEqual({
      kind: "failed",
      words: "kratos of acme is not healthy",
    });
  });

  test("counts since it was told, once it was", () => {
    const told = ledger({ failure: { at: new Date("2026-11-28T17:00:00Z"), words: "it was ill" } });
    expect(findingOf(one, login({ answered: 10, failed: 10 }), told, now)).toEqual({
      kind: "failed",
      words: "acme's login site answered 10 of 10 visits with 5xx since 2026-11-28 17:00 UTC",
    });
  });

  test("counts since the tenant has the release, where it came later", () => {
    const late = { ...ledger(), since: new Map([["acme", new Date("2026-11-28T15:00:00Z")]]) };
    expect(findingOf(one, login({ answered: 10, failed: 10 }), late, now)).toEqual({
      kind: "failed",
      words: "acme's login site answered 10 of 10 visits with 5xx since 2026-11-28 15:00 UTC",
    });
  });

  test("says nothing before the ring was: while it is upgraded visitors may meet errors", () => {
    const ill = login({ answered: 10, failed: 10 });
    expect(findingOf(one, ill, { ...ledger(), verified: new Map() }, now)).toEqual({ kind: "passed" });
    expect(
      findingOf(one, answers(undefined, { visits: new Map() }), { ...ledger(), verified: new Map() }, now),
    ).toEqual({
      kind: "passed",
    });
  });
});
