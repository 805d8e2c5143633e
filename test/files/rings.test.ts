import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationPattern, durationSeconds, judgeDuration } from "../../files/duration.ts";
import { loadFleet } from "../../files/load.ts";
import { judgeTimeZone } from "../../files/localTime.ts";
import { printedDuration } from "../../fleet/rings/duration.ts";
import { ringsInOrder } from "../../fleet/rings/ring.ts";
import { endOf } from "../../fleet/rings/window.ts";
import { input, ringsText, stackConfig } from "../fleet/fleetInput.ts";

const root = join(import.meta.dirname, "../..");
const one = { ...stackConfig, hosts: { local: stackConfig.hosts["eu-1"] }, elsewhere: [] };

function fleetOf(rings: string) {
  const tenants = `defaults: { release: "2026.11", mail: none }\nrings: ${rings}\ntenants: { acme: {} }\n`;
  return loadFleet(input({ tenants, config: one }));
}

test("every setting of a ring", () => {
  const { rings, tenants } = loadFleet(input({ tenants: ringsText, now: new Date("2026-11-28T12:00:00Z") }));
  const [, early] = ringsInOrder(["canary", "early"]);
  expect(rings).toEqual([
    { name: "canary", after: [], bakeSeconds: 86_400, parallel: 2, window: undefined, hold: false },
    early,
    {
      name: "stable",
      after: ["canary", "early"],
      bakeSeconds: 0,
      parallel: undefined,
      window: { kind: "weekly", days: ["sat", "sun"], from: "22:00", to: "04:00", timeZone: "Europe/Berlin" },
      hold: false,
    },
    {
      name: "last",
      after: ["stable"],
      bakeSeconds: 0,
      parallel: undefined,
      window: { kind: "once", from: "2026-12-05T22:00", to: "2026-12-06T04:00", timeZone: "UTC" },
      hold: false,
    },
  ]);
  expect(tenants.map(({ ring }) => ring)).toEqual(["stable", "canary"]);
});

test("what docs/rings.md shows is sound, and both of its forms have one order", () => {
  const [section = ""] = readFileSync(join(root, "docs/rings.md"), "utf8")
    .split(/^## /m)
    .filter((text) => text.startsWith("How they are written\n"));
  const forms = [...section.matchAll(/^```yaml\nrings:([\s\S]*?)^```/gm)].map(([, text = ""]) =>
    fleetOf(text),
  );
  expect(forms.map(({ rings }) => rings.map(({ name, after }) => ({ name, after })))).toEqual(
    [1, 2].map(() => ringsInOrder(["canary", "early", "stable"]).map(({ name, after }) => ({ name, after }))),
  );
  const once = /`(\{ from: [^`]+\})`/.exec(section)?.[1];
  expect(fleetOf(`{ stable: { window: ${once} } }`).rings[0]?.window?.kind).toBe("once");
});

test("what tenants.yaml shows in its comment is sound", () => {
  const shown = /^# {3}rings: (.+)$/m.exec(readFileSync(join(root, "tenants.yaml"), "utf8"))?.[1];
  expect(fleetOf(shown ?? "").rings.map(({ bakeSeconds }) => bakeSeconds)).toEqual([86_400, 0]);
});

test("one name is a list of one, and hold counts", () => {
  const [, early, stable] = fleetOf("{ canary: {}, early: {}, stable: { after: canary, hold: true } }").rings;
  expect(early?.after).toEqual(["canary"]);
  expect(stable).toMatchObject({ after: ["canary"], hold: true });
});

describe("a list and the map of its names", () => {
  // Names that are whole numbers among them: JavaScript keeps such keys in an order of its own.
  const name = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/), fc.nat({ max: 99 }).map(String));
  const quoted = (names: readonly string[]) => names.map((one) => JSON.stringify(one));

  test("mean the same, on one line or on several", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
        fc.constantFrom("{}", ""),
        (names, settings) => {
          const list = fleetOf(`[${quoted(names).join(", ")}]`);
          const flow = fleetOf(
            `{ ${quoted(names)
              .map((one) => `${one}: ${settings}`)
              .join(", ")} }`,
          );
          const block = fleetOf(
            quoted(names)
              .map((one) => `\n  ${one}: ${settings}`)
              .join(""),
          );
          expect(list.rings).toEqual(ringsInOrder(names));
          expect(flow).toEqual(list);
          expect(block).toEqual(list);
          // Whoever names no ring is in the last one.
          expect(list.tenants[0]?.ring).toBe(names.at(-1));
        },
      ),
      { numRuns: 25 },
    );
  });
});

test("each time zone that may be written has its hours", () => {
  const times = { from: "2026-12-05T22:00", to: "2026-12-06T04:00" };
  const known = ["UTC", "Europe/Kyiv", "US/Eastern", ...Intl.supportedValuesOf("timeZone")];
  expect(known.filter((zone) => judgeTimeZone(zone) !== undefined)).toEqual([]);
  const ends = known.map((timeZone) => endOf({ kind: "once", ...times, timeZone })?.getTime() ?? 0);
  // No place is further from UTC than 14 hours.
  const utc = Date.parse("2026-12-06T04:00Z");
  expect(known.filter((_, index) => Math.abs((ends[index] ?? 0) - utc) > 14 * 3600_000)).toEqual([]);
});

describe("lengths of time", () => {
  test.each([
    ["0m", 0, "0m"],
    ["30m", 1800, "30m"],
    ["60m", 3600, "1h"],
    ["24h", 86_400, "24h"],
    ["1d", 86_400, "24h"],
    ["36h", 129_600, "36h"],
    ["48h", 172_800, "2d"],
    ["90d", 7_776_000, "90d"],
  ])("%s", (text, seconds, printed) => {
    expect(durationSeconds(text)).toBe(seconds);
    expect(printedDuration(seconds)).toBe(printed);
  });

  test("what is printed is read back as the same", () => {
    fc.assert(
      fc.property(fc.nat({ max: 90 * 24 * 60 }), (minutes) => {
        const printed = printedDuration(minutes * 60);
        expect(printed).toMatch(new RegExp(durationPattern));
        expect(durationSeconds(printed)).toBe(minutes * 60);
        expect(judgeDuration(printed)).toBeUndefined();
      }),
    );
  });

  test("a remedy that proposes one length proposes a right one, of the same length", () => {
    const seconds = {
      s: 1,
      " sec": 1,
      min: 60,
      " Minutes": 60,
      hrs: 3600,
      H: 3600,
      days: 86_400,
      w: 604_800,
    };
    const unit = fc.constantFrom(...Object.entries(seconds));
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), unit, (amount, [word, each]) => {
        const proposed = /^Write (\S+)\.$/.exec(judgeDuration(`${amount}${word}`)?.remedy ?? "")?.[1];
        if (proposed !== undefined) expect(durationSeconds(proposed)).toBe(amount * each);
      }),
    );
  });
});
