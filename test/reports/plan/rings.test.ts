import { describe, expect, test } from "vitest";
import { plannedFleet } from "../../../backends/docker/fleetPlan.ts";
import { loadFleet } from "../../../files/load.ts";
import { fleetChanges } from "../../../reports/plan/fleetChanges.ts";
import { input } from "../../fleet/fleetInput.ts";
import { lines, oneHost, upgraded } from "./edits.ts";

function planned(
  rings: string,
  tenants = "{ acme: {} }",
  defaults = '{ release: "2026.11", mail: none, ring: stable }',
) {
  const text = `defaults: ${defaults}\nrings: ${rings}\ntenants: ${tenants}\n`;
  return plannedFleet(loadFleet(input({ tenants: text, releases: upgraded, config: oneHost })));
}
const edited = (before: string, after: string) => fleetChanges(planned(before), planned(after), new Date(0));

const rest = "changes when releases reach tenants; touches no container";
const weekly = "{ days: [sat, sun], from: 22:00, to: 04:00, timeZone: Europe/Berlin }";
const once = "{ from: 2026-12-05T22:00, to: 2026-12-06T04:00, timeZone: UTC }";

test.each<[string, string, string, ...string[]]>([
  [
    "a list and the map of its names",
    "[canary, stable]",
    "{ canary: {}, stable: { after: canary, bake: 0h } }",
  ],
  ["bake", "[canary, stable]", "{ canary: { bake: 24h }, stable: {} }", "ring canary: bake 0m → 24h"],
  [
    "the same bake in another unit",
    "{ canary: { bake: 48h }, stable: {} }",
    "{ canary: { bake: 2d }, stable: {} }",
  ],
  [
    "parallel",
    "[canary, stable]",
    "{ canary: {}, stable: { parallel: 2 } }",
    "ring stable: parallel any → 2",
  ],
  ["hold", "[stable]", "{ stable: { hold: true } }", "ring stable: hold false → true"],
  [
    "a window",
    "[stable]",
    `{ stable: { window: ${weekly} } }`,
    "ring stable: window always → sat sun 22:00 to 04:00 Europe/Berlin",
  ],
  [
    "another window",
    `{ stable: { window: ${weekly} } }`,
    `{ stable: { window: ${once} } }`,
    "ring stable: window sat sun 22:00 to 04:00 Europe/Berlin → 2026-12-05T22:00 to 2026-12-06T04:00 UTC",
  ],
  [
    "no window any more",
    `{ stable: { window: ${once} } }`,
    "[stable]",
    "ring stable: window 2026-12-05T22:00 to 2026-12-06T04:00 UTC → always",
  ],
  ["after", "[canary, stable]", "{ canary: {}, stable: { after: [] } }", "ring stable: after canary → none"],
  [
    "a ring in between",
    "[canary, stable]",
    "{ canary: {}, early: { bake: 2d, hold: true }, stable: {} }",
    "ring stable: after canary → early; ring early is new: after canary, bake 2d, hold true",
  ],
  [
    "a ring that goes",
    "[canary, stable]",
    "[stable]",
    "ring canary is gone; ring stable: after canary → none",
  ],
  [
    "another order",
    "[canary, early, stable]",
    "[early, canary, stable]",
    "rings canary, early, stable → early, canary, stable; ring canary: after none → early; ring early: after canary → none; ring stable: after early → canary",
  ],
  [
    "several settings of one ring",
    "[canary, stable]",
    "{ canary: { bake: 30m, parallel: 1 }, stable: {} }",
    "ring canary: bake 0m → 30m; ring canary: parallel any → 1",
  ],
])("%s", (_what, before, after, ...words) => {
  expect(lines(edited(before, after))).toEqual(words.map((told) => `stack none: ${told}, ${rest}`));
});

test("each difference has a place for machines", () => {
  const [change] = edited("[canary, stable]", "{ canary: { bake: 1h }, early: {}, stable: {} }").stack;
  expect(change?.differences.map(({ property }) => property)).toEqual([
    "rings.canary.bake",
    "rings.stable.after",
    "rings.early",
  ]);
});

test("a tenant whose ring is the last one by default is told to have another", () => {
  const tenants = (rings: string) =>
    `defaults: { release: "2026.11", mail: none }\nrings: ${rings}\ntenants: { acme: {} }\n`;
  const plan = (rings: string) =>
    plannedFleet(loadFleet(input({ tenants: tenants(rings), config: oneHost })));
  const told = lines(
    fleetChanges(plan("[canary, stable]"), plan("{ canary: {}, stable: {}, late: {} }"), new Date(0)),
  );
  expect(told[0]).toBe(`stack none: ring late is new: after stable, ${rest}`);
  expect(told.slice(1).join("\n")).toMatch(/^acme none: ring stable → late/);
});

describe("the way of a release", () => {
  const now = new Date("2026-11-28T12:00:00Z");
  const tenants = (release: string, rings: string) =>
    planned(
      rings,
      `{ acme: { ring: canary }, bigcorp: {}, newcorp: {} }`,
      `{ release: "${release}", mail: none, ring: stable }`,
    );
  const way = (rings: string) =>
    lines(fleetChanges(tenants("2026.11", rings), tenants("next", rings), now)).filter((line) =>
      line.includes(" reaches "),
    );
  const goesOn =
    ", each `pulumi up` goes on where the one before has stopped; a ring that had it before gets it back at once (docs/rings.md)";

  test("without settings is through all rings in one run", () => {
    expect(way("[canary, stable]")).toEqual([
      `stack none: next reaches canary (acme), at once; then stable (bigcorp, newcorp), when canary is healthy with it${goesOn}`,
    ]);
  });

  test("passes over a ring in which nobody runs and asks for it, and says so", () => {
    const rings = "{ canary: { bake: 24h }, stable: {} }";
    const fleet = (canary: string, others: string) =>
      planned(rings, `{ acme: { ring: canary, ${canary} }, bigcorp: { release: ${others} }, newcorp: {} }`);
    const told = (canary: string) =>
      lines(fleetChanges(fleet(canary, '"2026.11"'), fleet(canary, "next"), now)).filter((line) =>
        line.includes(" reaches "),
      );
    const without = `stack none: next reaches stable (bigcorp), without canary, where no tenant runs and asks for it, at once${goesOn}`;
    expect(told('release: "2026.11"')).toEqual([without]);
    expect(told("release: next, state: suspended")).toEqual([without]);
    // Since when canary is healthy with it, the files do not say.
    expect(told("release: next")).toEqual([
      `stack none: next reaches stable (bigcorp), when canary is healthy with it for 24h${goesOn}`,
    ]);
  });

  test("with bake and window has its times", () => {
    expect(way(`{ canary: { bake: 24h }, stable: { window: ${weekly} } }`)).toEqual([
      `stack none: next reaches canary (acme), at once; then stable (bigcorp, newcorp), when canary is healthy with it for 24h, in its window, not before 2026-11-29 21:00 UTC${goesOn}`,
    ]);
  });

  test("to a ring on hold has none", () => {
    expect(way("{ canary: { hold: true }, stable: {} }")).toEqual([
      `stack none: next reaches canary (acme), which is on hold; then stable (bigcorp, newcorp), when canary is healthy with it, nobody knows when${goesOn}`,
    ]);
  });

  test("is not told where there is one ring, at once", () => {
    expect(way("[early, canary, stable]")).toHaveLength(1);
    const one = (release: string) =>
      planned("[stable]", "{ acme: {} }", `{ release: "${release}", mail: none }`);
    expect(lines(fleetChanges(one("2026.11"), one("next"), now)).join()).not.toContain("reaches");
  });
});
