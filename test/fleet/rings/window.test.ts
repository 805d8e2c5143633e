import { describe, expect, test } from "vitest";
import type { Window } from "../../../fleet/rings/ring.ts";
import { endOf, isOpen, nextOpening } from "../../../fleet/rings/window.ts";

const at = (text: string) => new Date(text);
const weekend: Window = {
  kind: "weekly",
  days: ["sat", "sun"],
  from: "22:00",
  to: "04:00",
  timeZone: "Europe/Berlin",
};
const noon: Window = { kind: "weekly", days: ["mon"], from: "11:30", to: "12:30", timeZone: "UTC" };
const once: Window = {
  kind: "once",
  from: "2026-12-05T22:00",
  to: "2026-12-06T04:00",
  timeZone: "America/New_York",
};

describe("a window of every week", () => {
  test.each([
    // Saturday, 28 November 2026; Berlin is an hour ahead of UTC.
    ["2026-11-28T20:59:59Z", false],
    ["2026-11-28T21:00:00Z", true],
    ["2026-11-29T02:59:59Z", true],
    ["2026-11-29T03:00:00Z", false],
    ["2026-11-29T21:00:00Z", true],
    // Monday, of the window that began on Sunday.
    ["2026-11-30T02:00:00Z", true],
    ["2026-11-30T21:30:00Z", false],
    // In summer it is two hours.
    ["2026-07-04T20:00:00Z", true],
    ["2026-07-04T19:59:00Z", false],
  ])("at %s: open %s", (now, open) => {
    expect(isOpen(weekend, at(now))).toBe(open);
  });

  test("opens next, or is open now", () => {
    expect(nextOpening(weekend, at("2026-11-28T15:00:00Z"))).toEqual(at("2026-11-28T21:00:00Z"));
    expect(nextOpening(weekend, at("2026-11-30T02:00:00Z"))).toEqual(at("2026-11-30T02:00:00Z"));
    expect(nextOpening(weekend, at("2026-11-30T03:00:00Z"))).toEqual(at("2026-12-05T21:00:00Z"));
    expect(nextOpening(noon, at("2026-11-30T12:30:00Z"))).toEqual(at("2026-12-07T11:30:00Z"));
  });

  test("goes through a night in which the clocks change", () => {
    // 28 March 2027, 02:00 → 03:00: six hours by the clock are five.
    expect(nextOpening(weekend, at("2027-03-27T12:00:00Z"))).toEqual(at("2027-03-27T21:00:00Z"));
    expect(isOpen(weekend, at("2027-03-28T01:59:00Z"))).toBe(true);
    expect(isOpen(weekend, at("2027-03-28T02:00:00Z"))).toBe(false);
    const gap: Window = { ...weekend, from: "02:30", to: "04:30" };
    expect(nextOpening(gap, at("2027-03-28T00:00:00Z"))).toEqual(at("2027-03-28T01:30:00Z"));
  });

  test("that a change of clocks leaves nothing of is the next week's", () => {
    const hour: Window = { ...weekend, days: ["sun"], from: "02:30", to: "03:30" };
    expect(nextOpening(hour, at("2027-03-26T00:00:00Z"))).toEqual(at("2027-04-04T00:30:00Z"));
    expect(nextOpening({ ...hour, to: "03:10" }, at("2027-03-28T01:20:00Z"))).toEqual(
      at("2027-04-04T00:30:00Z"),
    );
  });

  test("has no end", () => {
    expect(endOf(weekend)).toBeUndefined();
  });
});

describe("a window of one night", () => {
  test("is open once", () => {
    expect(isOpen(once, at("2026-12-06T02:59:00Z"))).toBe(false);
    expect(isOpen(once, at("2026-12-06T03:00:00Z"))).toBe(true);
    expect(isOpen(once, at("2026-12-06T09:00:00Z"))).toBe(false);
    expect(nextOpening(once, at("2026-12-01T00:00:00Z"))).toEqual(at("2026-12-06T03:00:00Z"));
    expect(nextOpening(once, at("2026-12-06T09:00:00Z"))).toBeUndefined();
    expect(endOf(once)).toEqual(at("2026-12-06T09:00:00Z"));
  });
});
