import { describe, expect, test } from "vitest";
import type { Ring } from "../../../fleet/rings/ring.ts";
import { Simulation, waits } from "./simulation.ts";

const day = 24 * 3600;
const at = (text: string) => new Date(text);
const failed = { kind: "failed", words: "kratos was started again 4 times" } as const;
const unknown = { kind: "unknown", words: "the host does not answer" } as const;

/** Two tenants in each of three rings, all of them on 2026.11, and verified with it. */
function fleet(settings: Readonly<Record<string, Partial<Ring>>> = {}): Simulation {
  const rings = { canary: {}, early: {}, stable: {}, ...settings };
  const one = new Simulation(
    {
      c1: { ring: "canary", wants: "2026.11" },
      c2: { ring: "canary", wants: "2026.11" },
      e1: { ring: "early", wants: "2026.11" },
      s1: { ring: "stable", wants: "2026.11" },
      s2: { ring: "stable", wants: "2026.11" },
    },
    rings,
  );
  one.up();
  return one;
}
const on = (canary: string, early: string, stable: string) => ({
  c1: canary,
  c2: canary,
  e1: early,
  s1: stable,
  s2: stable,
});

describe("without a bake", () => {
  test("a fleet that is new waits for nobody", () => {
    const one = new Simulation(fleet().entries, { canary: {}, early: {}, stable: {} });
    const found = one.plan();
    expect([...found.shares.values()].flatMap(({ after }) => after)).toEqual([]);
    expect(waits(found)).toEqual({});
  });

  test("a release reaches all rings in one run, each after the one before", () => {
    const one = fleet();
    one.want("2026.12");
    const { shares } = one.up();
    expect(Object.fromEntries([...shares].map(([name, { after }]) => [name, after]))).toEqual({
      c1: [],
      c2: [],
      e1: ["c1", "c2"],
      s1: ["e1"],
      s2: ["e1"],
    });
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
    // And then there is nothing to ask and nothing to wait for.
    const quiet = one.plan();
    expect(quiet.asked.size).toBe(0);
    expect(quiet.verified).toEqual(one.ledger.verified);
    expect([...quiet.shares.values()].flatMap(({ after }) => after)).toEqual([]);
  });

  test("a failure in canary ends it there, and again in the next run, until canary is well", () => {
    const one = fleet();
    one.want("2026.12");
    one.up(["c2"]);
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
    one.up(["c2"]);
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
  });

  test("a failure in the second ring does not reach the third", () => {
    const one = fleet();
    one.want("2026.12");
    one.up(["e1"]);
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.11"));
  });

  test("so many at once as the ring says", () => {
    const one = new Simulation(
      Object.fromEntries(
        ["a", "b", "c", "d", "e"].map((name) => [name, { ring: "stable", wants: "2026.11" }]),
      ),
      { stable: { parallel: 2 } },
    );
    one.up();
    one.want("2026.12");
    const { shares } = one.plan();
    expect([...shares].map(([name, { after }]) => [name, ...after])).toEqual([
      ["a"],
      ["b"],
      ["c", "a"],
      ["d", "b"],
      ["e", "c"],
    ]);
  });
});

describe("with a bake", () => {
  const baked = () => {
    const one = fleet({ canary: { bakeSeconds: day }, early: { bakeSeconds: 2 * day } });
    one.want("2026.12");
    return one;
  };

  test("the next ring waits until it is over, and nobody says when before canary is well", () => {
    const one = baked();
    const first = one.up();
    const bake = { kind: "bake", ring: "canary", seconds: day, since: undefined, until: undefined };
    const ring = { kind: "ring", ring: "early" };
    expect(waits(first)).toEqual({ e1: [bake], s1: [ring], s2: [ring] });
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));

    const since = one.now;
    one.later(23.99);
    expect(waits(one.up()).e1).toEqual([{ ...bake, since, until: at("2026-11-29T12:00:00Z") }]);
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
    one.later(0.01);
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.11"));
    one.later(48);
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
  });

  test("the bake begins when canary answers, not when it was touched", () => {
    const one = baked();
    one.up(["c1"]);
    one.later(30);
    one.up();
    one.later(10);
    expect(waits(one.plan()).e1).toMatchObject([{ until: at("2026-11-30T18:00:00Z") }]);
  });

  test("a tenant of canary that is not well is asked, told, and begins the bake again when it is", () => {
    const one = baked();
    one.up();
    one.later(25);
    const found = one.up([], { c2: failed });
    expect([...found.asked]).toEqual(["c1", "c2"]);
    expect(waits(found).e1).toEqual([{ ...failed, ring: "canary" }]);
    expect(found.failures).toEqual([{ ring: "canary", release: "2026.12", words: failed.words }]);
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
    one.later(1);
    // Well again: from now on.
    expect(waits(one.up()).e1).toMatchObject([{ kind: "bake", since: at("2026-11-29T14:00:00Z") }]);
    one.later(23);
    expect(waits(one.up()).e1).toMatchObject([{ kind: "bake", until: at("2026-11-30T14:00:00Z") }]);
    one.later(1);
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.11"));
  });

  test("what nobody could ask is a pause, and neither a failure nor a pass", () => {
    const one = baked();
    one.up();
    one.later(25);
    const found = one.up([], { c1: unknown });
    expect(waits(found).e1).toEqual([{ ...unknown, ring: "canary" }]);
    expect(found.failures).toEqual([]);
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.11"));
  });

  test("a second release overtakes the first, which then reaches nobody else", () => {
    const one = baked();
    one.up();
    one.later(12);
    one.want("2027.01");
    one.up();
    expect(one.running).toEqual(on("2027.01", "2026.11", "2026.11"));
    one.later(13);
    one.up();
    expect(one.running).toEqual(on("2027.01", "2026.11", "2026.11"));
    one.later(11);
    one.up();
    expect(one.running).toEqual(on("2027.01", "2027.01", "2026.11"));
  });

  test("the way back is open at once, for every ring that has had the release", () => {
    const one = baked();
    one.up();
    one.want("2026.11");
    const found = one.up();
    expect(waits(found)).toEqual({});
    expect(one.running).toEqual(on("2026.11", "2026.11", "2026.11"));
  });

  test("a release that canary was taken back from bakes from the beginning when it comes again", () => {
    const one = baked();
    one.up();
    one.later(1);
    one.want("2026.11");
    one.up();
    one.later(30);
    one.want("2026.12");
    expect(waits(one.up()).e1).toMatchObject([{ kind: "bake", since: undefined }]);
    expect(waits(one.up()).e1).toMatchObject([{ kind: "bake", since: one.now }]);
  });

  test("a tenant that changes its ring keeps what it has, and gets what its new ring has", () => {
    const one = baked();
    one.up();
    one.entries = {
      ...one.entries,
      c1: { ring: "stable", wants: "2026.12" },
      s1: { ring: "canary", wants: "2026.12" },
    };
    one.up();
    expect(one.running).toEqual({
      c1: "2026.12",
      c2: "2026.12",
      e1: "2026.11",
      s1: "2026.12",
      s2: "2026.11",
    });
  });

  test("a new tenant begins with what its ring has", () => {
    const one = baked();
    one.up();
    one.entries = { ...one.entries, s3: { ring: "stable", wants: "2026.12" } };
    one.up();
    expect(one.running).toMatchObject({ s3: "2026.11" });
  });

  test("one that is suspended proves nothing, holds nobody up, and comes back on what its ring has", () => {
    const one = baked();
    one.entries = {
      ...one.entries,
      c2: { ring: "canary", wants: "2026.12", state: "suspended" },
      s2: { ring: "stable", wants: "2026.12", state: "suspended" },
    };
    one.up(["c2"]);
    one.later(24);
    one.up();
    one.later(48);
    one.up();
    one.entries = { ...one.entries, s2: { ring: "stable", wants: "2026.12" } };
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
  });
});

describe("a ring", () => {
  test("without tenants that ask for the release proves nothing: those before it do", () => {
    const one = fleet({ canary: { bakeSeconds: day } });
    one.want("2026.12");
    one.entries = { ...one.entries, e1: { ring: "early", wants: "2026.11" } };
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
    one.later(24);
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.12"));
  });

  test("on hold gets nothing, and neither do those after it", () => {
    const one = fleet({ early: { hold: true } });
    one.want("2026.12");
    expect(waits(one.up())).toEqual({
      e1: [{ kind: "hold" }],
      s1: [{ kind: "ring", ring: "early" }],
      s2: [{ kind: "ring", ring: "early" }],
    });
  });

  test("is touched in its window alone, but for the way back", () => {
    const window = { kind: "weekly", days: ["sun"], from: "02:00", to: "04:00", timeZone: "UTC" } as const;
    const one = fleet({ stable: { window } });
    one.want("2026.12");
    expect(waits(one.up()).s1).toEqual([{ kind: "window", opens: at("2026-11-29T02:00:00Z") }]);
    one.later(15);
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
    one.later(3);
    one.want("2026.11");
    one.up();
    expect(one.running).toEqual(on("2026.11", "2026.11", "2026.11"));
  });

  test("in its window asks those before it again, also where nothing bakes", () => {
    const window = { kind: "weekly", days: ["sun"], from: "02:00", to: "04:00", timeZone: "UTC" } as const;
    const one = fleet({ stable: { window } });
    one.want("2026.12");
    one.up();
    one.later(15);
    expect(waits(one.up([], { e1: failed })).s1).toEqual([{ ...failed, ring: "early" }]);
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.11"));
  });

  test("with a tenant that this run may not touch is nobody's proof", () => {
    const one = fleet();
    one.want("2026.12");
    expect(waits(one.plan({}, ["c1"])).e1).toEqual([
      { kind: "unknown", ring: "canary", words: "c1 may not be touched in this run" },
    ]);
  });

  test("may follow two, and two may follow one", () => {
    const one = fleet({ early: { after: [] }, stable: { after: ["canary", "early"] } });
    one.want("2026.12");
    const { shares } = one.up(["e1"]);
    expect(shares.get("e1")?.after).toEqual([]);
    expect(shares.get("s1")?.after).toEqual(["c1", "c2", "e1"]);
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.11"));
  });
});
