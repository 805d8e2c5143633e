import { describe, expect, test } from "vitest";
import type { Fleet } from "../../../fleet/model.ts";
import { arrival } from "../../../reports/rollback/arrival.ts";
import { targetOf } from "../../../reports/rollback/target.ts";
import { wantedAfter } from "../../../reports/rollback/wanted.ts";
import { config, tenant } from "../../fixtures.ts";
import { type Entry, release, Simulation } from "../../fleet/rings/simulation.ts";

const day = 24 * 3600;

/** One canary of two, one tenant in each further ring; all on 2026.11, then canary on 2026.12, for which the others wait. */
function rolling(settings: ConstructorParameters<typeof Simulation>[1] = {}): Simulation {
  const one = new Simulation(
    {
      c1: { ring: "canary", wants: "2026.11" },
      c2: { ring: "canary", wants: "2026.11" },
      e1: { ring: "early", wants: "2026.11" },
      s1: { ring: "stable", wants: "2026.11" },
    },
    { canary: { bakeSeconds: day }, early: {}, stable: {}, ...settings },
  );
  one.up();
  one.later(1);
  one.want("2026.12");
  one.up();
  one.later(1);
  return one;
}

function fleetOf({ rings, entries }: Simulation, wanted?: ReadonlyMap<string, string>): Fleet {
  const tenants = Object.entries(entries).map(
    ([name, { ring, wants, state = "active" }]: [string, Entry]) => {
      const asked = release(wanted?.get(name) ?? wants);
      return tenant(name, { ring, state, wanted: asked, release: asked });
    },
  );
  return { config, tenants, purges: [], rings, releases: [], skipped: [] };
}

const back = (one: Simulation, name: string, to?: string) =>
  targetOf({ name, to, fleet: fleetOf(one), ledger: one.ledger });

const wanted = (one: Simulation, name: string, to?: string) =>
  Object.fromEntries(wantedAfter(fleetOf(one), back(one, name, to), one.ledger));

const set = (one: Simulation, name: string, change: Partial<Entry>) => {
  one.entries = {
    ...one.entries,
    [name]: { ring: "canary", wants: "2026.12", ...one.entries[name], ...change },
  };
};

describe("what goes back", () => {
  test("a ring: all of it, and who waits for what it gives up asks for what they have", () => {
    const one = rolling();
    expect(back(one, "canary")).toMatchObject({ kind: "ring", to: "2026.11", closed: [] });
    expect(wanted(one, "canary")).toEqual({
      c1: "2026.11",
      c2: "2026.11",
      e1: "2026.11",
      s1: "2026.11",
    });
  });

  test("a tenant alone: the others of its ring go on proving the release", () => {
    expect(wanted(rolling(), "c1")).toEqual({
      c1: "2026.11",
      c2: "2026.12",
      e1: "2026.12",
      s1: "2026.12",
    });
  });

  test("a ring of which a run has reached the first tenant alone: what that had before, and the others have", () => {
    const one = rolling();
    const given = new Map(one.ledger.given).set("c2", release("2026.11"));
    const left = new Map(one.ledger.left);
    left.delete("c2");
    one.ledger = { ...one.ledger, given, left };
    expect(back(one, "canary").to).toBe("2026.11");
    expect(wanted(one, "canary")).toMatchObject({ c1: "2026.11", c2: "2026.11", e1: "2026.11" });
    // Not where they have something else.
    one.ledger = { ...one.ledger, given: given.set("c2", release("2026.10")) };
    expect(message(() => back(one, "canary"))).toBe(
      "ring canary: 2026.12 has not reached c2, with 2026.10 still. To keep it from it: --to 2026.10. To go back further: --to with an earlier release.",
    );
  });

  test("rings that have the release keep it", () => {
    const one = rolling();
    one.later(25);
    one.up();
    expect(wanted(one, "early")).toEqual({
      c1: "2026.12",
      c2: "2026.12",
      e1: "2026.11",
      s1: "2026.12",
    });
  });

  test("a tenant of it that is suspended keeps what it has", () => {
    const one = rolling();
    set(one, "c2", { state: "suspended" });
    expect(back(one, "canary").closed.map(({ name }) => name)).toEqual(["c2"]);
    expect(wanted(one, "canary")).toMatchObject({ c1: "2026.11", c2: "2026.12", e1: "2026.11" });
  });

  test("it is known many runs later, and asked for again before the run it is the same", () => {
    const one = rolling();
    one.later(1);
    one.up();
    expect(one.ledger.left.size).toBe(0);
    expect(back(one, "canary").to).toBe("2026.11");
    set(one, "c1", { wants: "2026.11" });
    set(one, "c2", { wants: "2026.11" });
    expect(back(one, "canary").to).toBe("2026.11");
  });

  test("the next run takes them there on hold and out of the window, and nobody else anywhere", () => {
    const one = rolling();
    one.rings = one.rings.map((ring) => ({ ...ring, hold: true }));
    const target = back(one, "canary");
    const after = fleetOf(one, wantedAfter(fleetOf(one), target, one.ledger));
    expect(arrival(after, fleetOf(one), target, one.ledger, one.now)).toEqual([]);
  });
});

const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
};

describe("what is refused", () => {
  test("names that are none, or two", () => {
    const one = rolling();
    expect(message(() => back(one, "canry"))).toBe(
      "canry is neither a tenant nor a ring of stack test. Did you mean canary?",
    );
    expect(message(() => back(one, "nobody"))).toBe(
      "nobody is neither a tenant nor a ring of stack test. Its rings: canary, early, stable. Its tenants: c1, c2, e1, s1.",
    );
    one.entries = { ...one.entries, canary: { ring: "stable", wants: "2026.11" } };
    expect(message(() => back(one, "canary"))).toBe(
      "canary is a tenant and a ring of stack test. Write tenant:canary or ring:canary.",
    );
    expect(back(one, "ring:canary").kind).toBe("ring");
  });

  test("what does not run", () => {
    const one = rolling();
    set(one, "c1", { state: "suspended" });
    expect(message(() => back(one, "c1"))).toBe(
      "c1 is suspended, so its databases cannot be asked. Write state: active, run pulumi up, and roll back then.",
    );
    set(one, "e1", { state: "retired" });
    expect(message(() => back(one, "early"))).toBe(
      "ring early: no tenant of it runs in stack test, so nothing goes back. Write another ring, or a tenant.",
    );
    one.entries = { ...one.entries, new: { ring: "stable", wants: "2026.12" } };
    expect(message(() => back(one, "new"))).toBe(
      "new has never run in stack test, so there is nothing to go back to. Write the release that it is to have, and run pulumi up.",
    );
  });

  test("a release that has not arrived, or that nobody has had", () => {
    const one = rolling();
    expect(message(() => back(one, "stable"))).toBe(
      "ring stable: 2026.12 has not reached s1, with 2026.11 still. To keep it from it: --to 2026.11. To go back further: --to with an earlier release.",
    );
    expect(back(one, "stable", "2026.11").to).toBe("2026.11");
    expect(message(() => back(one, "canary", "2026.09"))).toBe(
      "--to 2026.09: ring canary has not run it, as far as the state remembers: 2026.11, 2026.12. Write one of these. Another release is an edit of tenants.yaml, and goes through the rings.",
    );
  });

  test("what nobody knows, or not of one release", () => {
    const one = rolling();
    one.ledger = { ...one.ledger, left: new Map(), verified: new Map() };
    expect(message(() => back(one, "canary"))).toBe(
      "ring canary: nobody knows what c1 had before 2026.12. Write --to with the release that it is to get back.",
    );
    const other = rolling();
    const left = new Map(other.ledger.left).set("c2", { release: release("2026.10") });
    other.ledger = { ...other.ledger, left };
    expect(message(() => back(other, "canary"))).toBe(
      "ring canary: its tenants had different releases before (2026.11: c1; 2026.10: c2). Write --to with one, or roll back tenant by tenant.",
    );
  });

  test("to go back twice by running the command twice", () => {
    const one = rolling();
    one.want("2026.11");
    one.up();
    expect(message(() => back(one, "canary"))).toBe(
      "ring canary: c1 went back from 2026.12 to 2026.11 already. To go back further: --to with an earlier release.",
    );
  });

  test("a release that its ring would let wait", () => {
    const one = rolling({ canary: { bakeSeconds: day, hold: false } });
    one.rings = one.rings.map((ring) => ({ ...ring, hold: true }));
    one.ledger = { ...one.ledger, verified: new Map() };
    const target = back(one, "canary");
    const after = fleetOf(one, wantedAfter(fleetOf(one), target, one.ledger));
    expect(message(() => arrival(after, fleetOf(one), target, one.ledger, one.now))).toBe(
      "c1 would not get 2026.11 now: the ring is on hold. Its ring does not remember to have been healthy with it, so it is a new release there. Write one that it remembers with --to, or take away what it waits for.",
    );
  });
});
