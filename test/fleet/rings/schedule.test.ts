import { expect, test } from "vitest";
import { type Ring, ringsInOrder } from "../../../fleet/rings/ring.ts";
import { schedule } from "../../../fleet/rings/schedule.ts";

const now = new Date("2026-11-28T12:00:00Z");
const all = new Set(["canary", "early", "stable"]);
const window = { kind: "weekly", days: ["sun"], from: "22:00", to: "04:00", timeZone: "UTC" } as const;
const rings = (settings: Readonly<Record<string, Partial<Ring>>>) =>
  ringsInOrder(["canary", "early", "stable"]).map((ring) => ({ ...ring, ...settings[ring.name] }));
const times = (settings: Readonly<Record<string, Partial<Ring>>>, touched = all) =>
  Object.fromEntries(
    schedule(rings(settings), touched, now).map(({ ring, earliest }) => [ring, earliest?.toISOString()]),
  );

test("without settings all is now, in order", () => {
  expect(times({})).toEqual({
    canary: now.toISOString(),
    early: now.toISOString(),
    stable: now.toISOString(),
  });
  expect(schedule(rings({}), all, now).map(({ after }) => after)).toEqual([[], ["canary"], ["early"]]);
});

test("bakes add up, and a window comes after them", () => {
  const settings = {
    canary: { bakeSeconds: 24 * 3600 },
    early: { bakeSeconds: 48 * 3600 },
    stable: { window },
  };
  expect(times(settings)).toEqual({
    canary: "2026-11-28T12:00:00.000Z",
    early: "2026-11-29T12:00:00.000Z",
    // Tuesday at noon; the next Sunday is 6 December.
    stable: "2026-12-06T22:00:00.000Z",
  });
  expect(schedule(rings(settings), all, now)[2]).toMatchObject({
    bakeSeconds: 48 * 3600,
    waitsForWindow: true,
  });
});

test("of a ring on hold, and of those after it, nobody knows", () => {
  expect(times({ early: { hold: true } })).toEqual({
    canary: now.toISOString(),
    early: undefined,
    stable: undefined,
  });
});

test("a ring that the release does not touch is left out, and so is its bake", () => {
  const settings = { early: { bakeSeconds: 24 * 3600 } };
  expect(times(settings, new Set(["canary", "stable"]))).toEqual({
    canary: now.toISOString(),
    stable: now.toISOString(),
  });
});
