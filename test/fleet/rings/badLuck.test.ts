import { describe, expect, test } from "vitest";
import type { Ring } from "../../../fleet/rings/ring.ts";
import { type Entry, release, Simulation, waits } from "./simulation.ts";

const day = 24 * 3600;
const failed = { kind: "failed", words: "kratos was started again 4 times" } as const;

/** All on 2026.11, verified with it. */
function fleet(entries: Record<string, string>, rings: Readonly<Record<string, Partial<Ring>>>): Simulation {
  const one = new Simulation(
    Object.fromEntries(
      Object.entries(entries).map(([name, ring]): [string, Entry] => [name, { ring, wants: "2026.11" }]),
    ),
    rings,
  );
  one.up();
  return one;
}

describe("a release that has not been let into a ring", () => {
  const baked = () =>
    fleet({ c1: "canary", c2: "canary", s1: "stable" }, { canary: { bakeSeconds: day }, stable: {} });

  test("stays out when a tenant that has it moves there", () => {
    const one = baked();
    one.want("2026.12");
    one.up();
    one.entries = { ...one.entries, c1: { ring: "stable", wants: "2026.12" } };
    one.up();
    one.up();
    expect(one.running).toEqual({ c1: "2026.12", c2: "2026.12", s1: "2026.11" });
    one.later(24);
    one.up();
    expect(one.running).toEqual({ c1: "2026.12", c2: "2026.12", s1: "2026.12" });
  });

  test("stays out when a new tenant begins with it, beside one that was to keep another", () => {
    const one = baked();
    one.want("2026.12");
    one.entries = {
      ...one.entries,
      s1: { ring: "stable", wants: "2026.11" },
      s2: { ring: "stable", wants: "2026.12" },
    };
    one.up();
    one.want("2026.12");
    one.up([], { c1: failed });
    expect(one.running).toEqual({ c1: "2026.12", c2: "2026.12", s1: "2026.11", s2: "2026.12" });
  });
});

describe("a release that one tenant of a later ring has by its own entry", () => {
  const pinned = () => {
    const one = fleet(
      { c1: "canary", s1: "stable", s2: "stable" },
      { canary: { bakeSeconds: day }, stable: {} },
    );
    one.entries = { ...one.entries, s1: { ring: "stable", wants: "2026.12" } };
    one.up();
    one.later(1);
    expect(one.running).toEqual({ c1: "2026.11", s1: "2026.12", s2: "2026.11" });
    return one;
  };

  test("reaches its neighbours after canary, not because of that tenant", () => {
    const one = pinned();
    one.want("2026.12");
    one.up();
    expect(waits(one.plan())).toMatchObject({ s2: [{ kind: "bake", ring: "canary" }] });
    one.later(24);
    one.up();
    expect(one.running).toEqual({ c1: "2026.12", s1: "2026.12", s2: "2026.12" });
  });

  test("is its own again at once, should it have left it", () => {
    const one = pinned();
    one.entries = { ...one.entries, s1: { ring: "stable", wants: "2026.11" } };
    one.up();
    one.want("2026.12");
    one.up();
    expect(one.running).toEqual({ c1: "2026.12", s1: "2026.12", s2: "2026.11" });
  });

  test("is the ring's, where canary was healthy with it before", () => {
    const one = fleet({ c1: "canary", s1: "stable", s2: "stable" }, { canary: {}, stable: {} });
    one.entries = { ...one.entries, c1: { ring: "canary", wants: "2026.12" } };
    one.up();
    one.entries = { ...one.entries, c1: { ring: "canary", wants: "2027.01" } };
    one.up();
    one.entries = { ...one.entries, s1: { ring: "stable", wants: "2026.12" } };
    one.up();
    expect(one.ledger.verified.get("stable")?.map(({ release, ahead }) => [release, ahead])).toEqual([
      ["2026.11", undefined],
      ["2026.12", undefined],
    ]);
  });
});

test("canary that has passed in a run that was killed before its note is asked before the next ring follows", () => {
  const one = fleet({ c1: "canary", s1: "stable" }, { canary: {}, stable: {} });
  one.want("2026.12");
  one.up([], {}, true);
  // It had not begun with the next ring.
  one.ledger = { ...one.ledger, given: new Map(one.ledger.given).set("s1", release("2026.11")) };
  one.later(5);
  expect(waits(one.plan({ c1: failed }))).toEqual({ s1: [{ ...failed, ring: "canary" }] });
  const unknown = { kind: "unknown", words: "host one does not answer" } as const;
  expect(waits(one.plan({ c1: unknown }))).toEqual({ s1: [{ ...unknown, ring: "canary" }] });
  // What is known to be ill, or is not known, is not noted as healthy by the gates of that earlier run; what is ill ends red.
  expect(one.up([], { c1: unknown }).failures).toEqual([]);
  expect(one.up([], { c1: failed }).failures).toEqual([
    { ring: "canary", release: "2026.12", words: failed.words },
  ]);
  expect(one.ledger.verified.get("canary")?.map(({ release: name }) => name)).toEqual(["2026.11"]);
  one.up();
  expect(one.running).toEqual({ c1: "2026.12", s1: "2026.12" });
});

test("a ring whose only tenant is suspended asks nobody in every run", () => {
  const one = fleet({ c1: "canary", s1: "stable" }, { canary: {}, stable: {} });
  one.want("2026.12");
  one.entries = { ...one.entries, s1: { ring: "stable", wants: "2026.12", state: "suspended" } };
  one.up();
  const since = one.ledger.since.get("s1");
  one.later(1);
  expect(one.up().asked).toEqual(new Set());
  expect(one.ledger.since.get("s1")).toEqual(since);
});

describe("a ring that was healthy with a release once", () => {
  test("is not after a gate has failed with it: the bake begins again", () => {
    const one = fleet({ c1: "canary", s1: "stable" }, { canary: { bakeSeconds: day }, stable: {} });
    one.want("2026.12");
    one.up();
    one.later(1);
    one.want("2026.11");
    one.up();
    one.later(48);
    one.want("2026.12");
    one.up(["c1"]);
    one.later(1);
    one.up();
    expect(one.running).toEqual({ c1: "2026.12", s1: "2026.11" });
    expect(waits(one.plan()).s1).toMatchObject([{ kind: "bake", since: one.now }]);
  });

  test("goes on being it when a tenant is added: where one comes every day, no bake would ever end", () => {
    const one = fleet({ c1: "canary", s1: "stable" }, { canary: { bakeSeconds: 2 * day }, stable: {} });
    one.want("2026.12");
    one.up();
    one.later(24);
    one.entries = { ...one.entries, c2: { ring: "canary", wants: "2026.12" } };
    one.up();
    one.later(24);
    one.up();
    expect(one.running).toEqual({ c1: "2026.12", c2: "2026.12", s1: "2026.12" });
  });

  test("lets the next ring go on in the run that adds one: the others have proven it", () => {
    const one = fleet(
      { c1: "canary", c2: "canary", s1: "stable" },
      { canary: { bakeSeconds: day }, stable: {} },
    );
    one.want("2026.12");
    one.up();
    one.later(24);
    one.entries = { ...one.entries, c9: { ring: "canary", wants: "2026.12" } };
    expect(waits(one.plan())).toEqual({});
    expect(one.plan().asked).toEqual(new Set(["c1", "c2"]));
    one.up();
    expect(one.running).toMatchObject({ c9: "2026.12", s1: "2026.12" });
  });

  test("is not since a time that has not come yet: a clock was ahead", () => {
    const one = fleet({ c1: "canary", s1: "stable" }, { canary: {}, stable: {} });
    one.want("2026.12");
    one.later(24 * 365);
    one.up(["c1"]);
    one.later(-24 * 365);
    one.up();
    expect(one.running).toEqual({ c1: "2026.12", s1: "2026.12" });
    expect(one.plan().asked.size).toBe(0);
  });
});

test("what is found wrong is remembered, though another tenant of the ring fails in the same run", () => {
  const one = fleet(
    { c1: "canary", c2: "canary", s1: "stable" },
    { canary: { bakeSeconds: day }, stable: {} },
  );
  const pinned = { ring: "canary", wants: "2026.11" };
  one.want("2026.12");
  one.entries = { ...one.entries, c2: pinned };
  one.up();
  one.later(23);
  one.entries = { ...one.entries, c2: { ring: "canary", wants: "2027.01" } };
  one.up(["c2"], { c1: failed });
  one.later(2);
  one.up(["c2"]);
  expect(one.running).toMatchObject({ s1: "2026.11" });
});

test("with parallel, a tenant that has not come through is one of those that change, in the next run as well", () => {
  const one = fleet({ a: "stable", b: "stable", c: "stable" }, { stable: { parallel: 1 } });
  one.want("2026.12");
  one.up(["a"]);
  one.up(["a"]);
  expect(one.running).toEqual({ a: "2026.12", b: "2026.11", c: "2026.11" });
  one.up();
  expect(one.running).toEqual({ a: "2026.12", b: "2026.12", c: "2026.12" });
});

test("with parallel, nobody waits behind a tenant that may not be touched: another one would change beside", () => {
  const one = fleet({ s1: "stable", s2: "stable", s3: "stable" }, { stable: { parallel: 1 } });
  one.later(1);
  one.want("2026.12");
  const { shares } = one.plan({}, ["s2"]);
  expect(shares.get("s3")?.after).toEqual(["s1"]);
  expect(shares.get("s2")).toMatchObject({ after: [], since: one.now });
});
