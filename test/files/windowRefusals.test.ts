import { describe, expect, test } from "vitest";
import { lines, tenantsText } from "../fleet/fleetInput.ts";

const now = new Date("2026-11-28T12:00:00Z");

/** What the author of a ring's settings reads; `rings:` is line 8. */
const canary = (settings: string) =>
  lines({ tenants: tenantsText.replace("[canary, stable]", `{ canary: ${settings}, stable: {} }`), now });

describe("windows", () => {
  const window = (text: string) => canary(`{ window: ${text} }`);
  const inWindow = (messages: readonly string[]) =>
    messages.map((line) => `tenants.yaml:${line.replace("  ", "  rings.canary.window")}`);
  const usual = "{ days: [sat, sun], from: 22:00, to: 04:00, timeZone: Europe/Berlin }";

  test.each<[string, string, ...string[]]>([
    ["sound, every week", usual],
    ["sound, once", "{ from: 2026-12-05T22:00, to: 2026-12-06T04:00, timeZone: Europe/Kyiv }"],
    ["half an hour over midnight", "{ days: [sat], from: 23:45, to: 00:15, timeZone: UTC }"],
    ["text", "weekend", `8:20  : must be a map, and is text. Write window: ${usual}, for example.`],
    [
      "no time zone",
      "{ days: [sat], from: 22:00, to: 04:00 }",
      "8:20  .timeZone: is missing. Write timeZone: Europe/Berlin, for example.",
    ],
    [
      "a mistyped key",
      "{ days: [sat], from: 22:00, to: 04:00, timezone: UTC }",
      "8:67  .timezone: there is no such key. Did you mean timeZone?",
    ],
    [
      "one day without brackets",
      "{ days: sat, from: 22:00, to: 04:00, timeZone: UTC }",
      "8:30  .days: is text and must be a list. Write days: [sat].",
    ],
    [
      "no day",
      "{ days: [], from: 22:00, to: 04:00, timeZone: UTC }",
      "8:30  .days: the list is empty. Write days: [sat, sun], for example.",
    ],
    [
      "days in other words",
      "{ days: [Sat, Sunday, so], from: 22:00, to: 04:00, timeZone: UTC }",
      '8:37  .days[0]: "Sat" is not one of mon, tue, wed, thu, fri, sat, sun. Did you mean sat?',
      '8:42  .days[1]: "Sunday" is not in three letters. Write sun.',
      '8:50  .days[2]: "so" is not one of mon, tue, wed, thu, fri, sat, sun. Write mon or tue or wed or thu or fri or sat or sun.',
    ],
    [
      "every week with a date",
      "{ days: [sat], from: 2026-12-05T22:00, to: 04:00, timeZone: UTC }",
      "8:43  .from: 2026-12-05T22:00 has a date, and days: makes it a window every week. Write from: 22:00, or remove days: for a window that opens once.",
    ],
    [
      "once without dates",
      "{ from: 22:00, to: 04:00, timeZone: UTC }",
      "8:30  .from: 22:00 has no date, and the window has no days. Write days: [sat, sun] beside it for a window every week, or a date: from: 2026-12-05T22:00.",
    ],
    [
      "once with one date",
      "{ from: 2026-12-05T22:00, to: 04:00, timeZone: UTC }",
      "8:54  .to: 04:00 has no date, and the window has no days. Write days: [sat, sun] beside it for a window every week, or a date: to: 2026-12-05T04:00.",
    ],
    [
      "from and to alike",
      "{ days: [sat], from: 22:00, to: 22:00, timeZone: UTC }",
      "8:56  .to: 22:00 is the same as from:, and the window would never be open. Write a later time, at least 30 minutes after from:. For a whole day: from: 00:00, to: 23:59.",
    ],
    [
      "shorter than a gate",
      "{ days: [sat], from: 23:50, to: 00:19, timeZone: UTC }",
      "8:20  : is open for 29m, shorter than a gate, which may wait 15m for one step of one tenant. Write a to: at least 30 minutes after from:.",
    ],
    [
      "shorter than a gate, once",
      "{ from: 2026-12-05T23:50, to: 2026-12-06T00:10, timeZone: UTC }",
      "8:20  : is open for 20m, shorter than a gate, which may wait 15m for one step of one tenant. Write a to: at least 30 minutes after from:.",
    ],
    [
      "in an hour that the change of clocks leaves out",
      "{ from: 2027-03-28T02:30, to: 2027-03-28T03:30, timeZone: Europe/Berlin }",
      "8:20  : is open for 0m, shorter than a gate, which may wait 15m for one step of one tenant. Write a to: at least 30 minutes after from:.",
    ],
    [
      "over the hour that comes twice",
      "{ from: 2027-10-31T02:45, to: 2027-10-31T03:10, timeZone: Europe/Berlin }",
    ],
    [
      "an end before the beginning",
      "{ from: 2026-12-05T22:00, to: 2026-12-05T04:00, timeZone: UTC }",
      "8:54  .to: 2026-12-05T04:00 is before from: (2026-12-05T22:00), and the window would never be open. Write a time after 2026-12-05T22:00.",
    ],
    [
      "over",
      "{ from: 2026-11-28T03:00, to: 2026-11-28T13:00, timeZone: Europe/Berlin }",
      "8:20  : the window ended at 2026-11-28T13:00, Europe/Berlin. Write the next one, or remove window: to let the ring go on at any time.",
    ],
    [
      "not over by the clock of its place",
      "{ from: 2026-11-28T03:00, to: 2026-11-28T13:00, timeZone: Europe/London }",
    ],
    ["open for one more minute", "{ from: 2026-11-28T03:00, to: 2026-11-28T13:01, timeZone: Europe/Berlin }"],
  ])("%s", (_what, text, ...messages) => {
    expect(window(text)).toEqual(inWindow(messages));
  });

  test("one that is over is refused only by a caller that says what time it is", () => {
    const over =
      "{ canary: { window: { from: 2025-01-01T01:00, to: 2025-01-01T02:00, timeZone: UTC } }, stable: {} }";
    expect(lines({ tenants: tenantsText.replace("[canary, stable]", over) })).toEqual([]);
  });

  const neither = (value: string) =>
    `"${value}" is neither a time of day nor a date with a time. Write 22:00 for a window every week, or 2026-12-05T22:00 for one that opens once.`;
  test.each<[string, string]>([
    ["22", neither("22")],
    ["25:00", neither("25:00")],
    ["10pm", neither("10pm")],
    ["9:00", '"9:00" is not written as HH:MM. Write 09:00.'],
    ["22.30", '"22.30" is not written as HH:MM. Write 22:30.'],
    ["22:00:00", '"22:00:00" is not written as HH:MM. Write 22:00.'],
    ["24:00", '"24:00" is not a time. Write 00:00.'],
    [
      "22:00Z",
      '"22:00Z" has a time zone in it, and timeZone: says that. Write the time that a clock there shows, such as 22:00.',
    ],
    ["2026-12-05 22:00", '"2026-12-05 22:00" is not written as HH:MM. Write 2026-12-05T22:00.'],
    ["2026-12-05", '"2026-12-05" has no time. Write 2026-12-05T22:00, for example.'],
    ["2026-02-30T22:00", '"2026-02-30T22:00" is not a day of the calendar. Write a day that there is.'],
    [
      "2026-12-05T22:00+01:00",
      '"2026-12-05T22:00+01:00" has a time zone in it, and timeZone: says that. Write the time that a clock there shows, such as 2026-12-05T22:00.',
    ],
  ])("from: %s", (time, message) => {
    expect(window(`{ from: ${time}, to: 2026-12-06T04:00, timeZone: UTC }`)).toEqual(
      inWindow([`8:30  .from: ${message}`]),
    );
  });

  const noPlace = (value: string) => `"${value}" is neither UTC nor a place of the time zone database.`;
  test.each<[string, string]>([
    ["Europe/Berln", `${noPlace("Europe/Berln")} Did you mean Europe/Berlin?`],
    ["europe/berlin", `${noPlace("europe/berlin")} Did you mean Europe/Berlin?`],
    ["Berlin", `${noPlace("Berlin")} Did you mean Europe/Berlin?`],
    ["New York", `${noPlace("New York")} Did you mean America/New_York?`],
    ["utc", `${noPlace("utc")} Did you mean UTC?`],
    ["CET", `${noPlace("CET")} Write UTC or a place, such as Europe/Berlin.`],
    ["+01:00", `${noPlace("+01:00")} Write UTC or a place, such as Europe/Berlin.`],
    ["Mars/Base", `${noPlace("Mars/Base")} Write UTC or a place, such as Europe/Berlin.`],
  ])("timeZone: %s", (zone, message) => {
    expect(window(`{ days: [sat], from: 22:00, to: 04:00, timeZone: ${zone} }`)).toEqual(
      inWindow([`8:67  .timeZone: ${message}`]),
    );
  });
});
