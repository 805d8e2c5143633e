import { z } from "zod";
import { labelPattern } from "../fleet/hostName.ts";
import { type Weekday, weekdays } from "../fleet/rings/ring.ts";
import { defaultIs, defaults } from "./defaults.ts";
import { durationPattern, judgeDuration } from "./duration.ts";
import type { Fault } from "./fault.ts";
import { fields, list, refusals, text } from "./field.ts";
import { judgeLabel } from "./hostName.ts";
import { judgeLocalTime, judgeTimeZone, localTimePattern } from "./localTime.ts";

const ringName = text(judgeLabel, {
  description: "Name of a ring.",
  examples: ["stable"],
  pattern: labelPattern,
});

const weekday = z
  .enum(weekdays)
  .meta({ description: "A day of the week, in its first three letters.", examples: ["sat"] });
refusals.add(weekday, { values: otherSpellings() });

/** `Saturday`, `Sat`, `sa.`: too far from `sat` for a typing error. */
function otherSpellings(): Record<string, Fault> {
  const names: Readonly<Record<Weekday, string>> = {
    mon: "monday",
    tue: "tuesday",
    wed: "wednesday",
    thu: "thursday",
    fri: "friday",
    sat: "saturday",
    sun: "sunday",
  };
  return Object.fromEntries(
    weekdays.flatMap((day) =>
      [names[day], names[day].replace(/^./, (first) => first.toUpperCase())].map((word) => [
        word,
        { fault: `"${word}" is not in three letters`, remedy: `Write ${day}.` },
      ]),
    ),
  );
}

const localTime = (description: string, example: string) =>
  text(judgeLocalTime, { description, examples: [example], pattern: localTimePattern });

const window = fields(
  {
    days: list(weekday, {
      description:
        "Days of the week on which the window opens. Without it the window opens once, and `from` and `to` have a date.",
      examples: [["sat", "sun"]],
    })
      .min(1)
      .optional(),
    from: localTime(
      "When it opens: a time of day with `days`, else a date with a time such as `2026-12-05T22:00`.",
      "22:00",
    ),
    to: localTime(
      "When it closes, at least 30 minutes later. With `days`, a time before `from` is on the day after.",
      "04:00",
    ),
    timeZone: text(judgeTimeZone, {
      description: "Whose clock `from` and `to` are by: `UTC`, or a place as the IANA database names it.",
      examples: ["Europe/Berlin"],
    }),
  },
  {
    description:
      "When tenants of the ring may get a release that is new to the ring. One that opens once is taken out when it is over, and refused by `fleet plan` until " +
      "it is. Default: at any time.",
    examples: [{ days: ["sat", "sun"], from: "22:00", to: "04:00", timeZone: "Europe/Berlin" }],
  },
);

const ring = fields(
  {
    after: z
      .union([ringName, list(ringName, { description: "Names of rings.", examples: [["canary", "early"]] })])
      .meta({
        description:
          "The ring, or list of rings, that must have been healthy with a release before this one gets it. Default: the " +
          "ring above it. `[]`: it waits for none.",
        examples: ["canary", ["canary", "early"]],
      })
      .optional(),
    bake: text(judgeDuration, {
      description:
        "How long this ring must have been healthy with a release before a ring that follows it gets the release: a whole " +
        `number of minutes, hours or days, up to 90d. ${defaultIs(defaults.ring.bake)}`,
      examples: ["24h"],
      pattern: durationPattern,
    }).optional(),
    parallel: z
      .int()
      .min(1)
      .max(1000)
      .meta({
        description: "How many of its tenants change at once. Default: as many as their hosts have room for.",
        examples: [2],
      })
      .optional(),
    window: window.optional(),
    hold: z
      .boolean()
      .meta({
        description: `\`true\`: none of its tenants gets a release that is new to the ring. ${defaultIs(defaults.ring.hold)}`,
        examples: [true],
      })
      .optional(),
  },
  {
    description: "A ring: tenants that get a release together. Every field may be left out.",
    examples: [{ bake: "24h" }, {}],
  },
);

const exampleMap = { canary: { bake: "24h" }, stable: {} };

const ringMap = z
  .record(ringName, ring.nullable())
  .superRefine((map, context) => {
    if (Object.keys(map).length > 0) return;
    const remedy = "Write rings: { canary: { bake: 24h }, stable: {} }, for example.";
    context.addIssue({ code: "custom", message: "the map is empty", params: { remedy } });
  })
  .meta({ description: "Rings by name.", examples: [exampleMap], minProperties: 1 });

/** The field `rings`. */
export const rings = z
  .union([
    list(ringName, { description: "Names of rings.", examples: [["canary", "stable"]] }).min(1),
    ringMap,
  ])
  .meta({
    description:
      "Rings in the order in which upgrades reach them: their names, or a map of names to settings, such as " +
      "`{ canary: { bake: 24h }, stable: {} }`. " +
      defaultIs(defaults.tenant.rings),
    examples: [["canary", "stable"], exampleMap],
  });

export type RingsEntry = z.infer<typeof rings>;
export type RingEntry = z.infer<typeof ring>;
export type WindowEntry = z.infer<typeof window>;
