import { expect, test } from "vitest";
import { backLines } from "../../../fleet/rings/givenUp.ts";
import type { Ring } from "../../../fleet/rings/ring.ts";
import { ringWaitLine, ringWaits } from "../../../fleet/rings/words.ts";
import { Simulation } from "./simulation.ts";

const day = 24 * 3600;

/** Two canaries and one tenant in each further ring, all on 2026.11, and later on 2026.12. */
function fleet(settings: Readonly<Record<string, Partial<Ring>>> = {}): Simulation {
  const one = new Simulation(
    {
      c1: { ring: "canary", wants: "2026.11" },
      c2: { ring: "canary", wants: "2026.11" },
      e1: { ring: "early", wants: "2026.11" },
      s1: { ring: "stable", wants: "2026.11" },
    },
    { canary: {}, early: {}, stable: {}, ...settings },
  );
  one.up();
  one.later(1);
  return one;
}
const on = (canary: string, early: string, stable: string) => ({
  c1: canary,
  c2: canary,
  e1: early,
  s1: stable,
});
const set = (one: Simulation, wants: string, ...names: readonly string[]) => {
  for (const name of names) one.entries = { ...one.entries, [name]: { ring: "canary", wants } };
};
const lines = (one: Simulation) => ringWaits(one.rings, one.plan()).map(ringWaitLine);

test("a release that all rings went back from is a new one when it is written again", () => {
  const one = fleet({ canary: { bakeSeconds: day } });
  one.want("2026.12");
  one.up();
  one.later(25);
  one.up();
  expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
  one.later(1);
  one.want("2026.11");
  one.up();
  expect(one.running).toEqual(on("2026.11", "2026.11", "2026.11"));
  one.later(1);
  one.want("2026.12");
  one.up();
  expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
  one.later(25);
  one.up();
  expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
});

test("it comes at once no more: a ring on hold keeps what it has", () => {
  const one = fleet();
  one.want("2026.12");
  one.up();
  one.later(1);
  one.want("2026.11");
  one.up();
  one.rings = one.rings.map((ring) => ({ ...ring, hold: true }));
  one.want("2026.12");
  expect(lines(one)[0]).toBe("ring canary: 2026.12 waits: the ring is on hold. c1, c2 keep what they have.");
});

test("no ring gets it from one that has given it up, healthy with it or not, while the file goes on asking for it", () => {
  for (const failing of [[], ["c1"]]) {
    const one = fleet({ canary: { bakeSeconds: day } });
    one.want("2026.12");
    one.up(failing);
    one.later(25);
    set(one, "2026.11", "c1", "c2");
    one.up();
    one.later(25);
    one.up();
    expect(one.running).toEqual(on("2026.11", "2026.11", "2026.11"));
    expect(lines(one)).toEqual([
      "ring early: 2026.12 waits: canary is not healthy with it: c2 went back from it to 2026.11. e1 keeps what it has.",
      "ring stable: 2026.12 waits: early waits itself. s1 keeps what it has.",
    ]);
    // Written again for canary, it begins there.
    set(one, "2026.12", "c1", "c2");
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.11", "2026.11"));
    one.later(25);
    one.up();
    expect(one.running).toEqual(on("2026.12", "2026.12", "2026.12"));
  }
});

test("where one tenant of a ring goes back, the others prove it from then on, and the bake begins again", () => {
  const one = fleet({ canary: { bakeSeconds: day } });
  one.want("2026.12");
  one.up();
  one.later(20);
  set(one, "2026.11", "c1");
  one.up();
  one.later(20);
  one.up();
  expect(one.running).toEqual({ c1: "2026.11", c2: "2026.12", e1: "2026.11", s1: "2026.11" });
  one.later(5);
  one.up();
  expect(one.running).toEqual({ c1: "2026.11", c2: "2026.12", e1: "2026.12", s1: "2026.12" });
});

test("to go forward again gives nothing up, and the way back stays", () => {
  const one = fleet();
  one.want("2026.12");
  one.up();
  one.later(1);
  one.want("2026.13");
  one.up();
  one.rings = one.rings.map((ring) => ({ ...ring, hold: true }));
  one.later(1);
  one.want("2026.11");
  one.up();
  expect(one.running).toEqual(on("2026.11", "2026.11", "2026.11"));
});

test("it is remembered as well where the run that went back was killed before it could note that", () => {
  const one = fleet({ canary: { bakeSeconds: day } });
  one.want("2026.12");
  one.up(["c1"]);
  one.later(1);
  set(one, "2026.11", "c1", "c2");
  one.up([], {}, true);
  one.later(25);
  one.up();
  expect(one.running).toEqual(on("2026.11", "2026.11", "2026.11"));
});

test("a run that takes tenants back says so", () => {
  const one = fleet();
  one.want("2026.12");
  one.up();
  one.later(1);
  set(one, "2026.11", "c1", "c2");
  const { fleet: planned } = one.plan();
  expect(backLines(planned, one.ledger)).toEqual([
    "ring canary: back to 2026.11: c1, c2. That waits for no window, bake or hold.",
  ]);
  one.up();
  expect(backLines(planned, one.ledger)).toEqual([]);
});
