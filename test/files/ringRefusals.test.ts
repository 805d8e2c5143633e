import { describe, expect, test } from "vitest";
import { lines, tenantsText } from "../fleet/fleetInput.ts";

/** What the author of these rings reads; `rings:` is line 8. */
const rings = (text: string) => lines({ tenants: tenantsText.replace("[canary, stable]", text) });

/** The same of settings of one ring. */
const canary = (settings: string) => rings(`{ canary: ${settings}, stable: {} }`);

const example = "Write 30m, 24h or 2d, for example.";

describe("rings by name", () => {
  test.each<[string, string, ...string[]]>([
    ["sound", "{ canary: {}, stable: {} }"],
    [
      "an empty map",
      "{}",
      "8:1  rings: the map is empty. Write rings: { canary: { bake: 24h }, stable: {} }, for example.",
    ],
    [
      "a number",
      "5",
      "8:1  rings: must be a list or a map, and is 5. Write rings: [canary, stable], for example.",
    ],
    ["one name", "canary", "8:1  rings: is text and must be a list. Write rings: [canary]."],
    [
      "no map behind a name",
      "{ canary: 24h, stable: {} }",
      "8:10  rings.canary: must be a map, and is text. Write canary: { bake: 24h }, for example.",
    ],
    [
      "two with one name",
      "\n  canary: {}\n  stable: {}\n  canary: { bake: 1h }",
      "11:3  rings.canary: this key stands twice in the same map, and only one of them could count. Write it once: merge the two, or rename one.",
    ],
    [
      "a name in capitals",
      "{ canary: {}, Stable: {}, stable: {} }",
      '8:22  rings.Stable: "Stable" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write stable.',
    ],
    [
      "a name that is a number",
      "{ 1: {}, canary: {}, stable: {} }",
      '8:10  rings: YAML does not read the key 1 as text. Write it in quotes: "1".',
    ],
    [
      "one that tenants name otherwise",
      "{ canry: {}, stable: {} }",
      '18:5  tenants.bigcorp.ring: "canary" is not one of the rings (canry, stable). Did you mean canry?',
    ],
    [
      "a mistyped setting",
      "{ canary: { bkae: 24h }, stable: {} }",
      "8:20  rings.canary.bkae: there is no such key. Did you mean bake?",
    ],
    [
      "a setting of another program",
      "{ canary: { retries: 2 }, stable: {} }",
      "8:20  rings.canary.retries: there is no such key. Write one of after, bake, parallel, window, hold, or remove the line.",
    ],
  ])("%s", (_what, text, ...messages) => {
    expect(rings(text)).toEqual(messages.map((line) => `tenants.yaml:${line}`));
  });
});

describe("what a ring follows", () => {
  const none = "Write the ring that must be healthy before it, or after: [] for a ring that waits for none.";
  const circle = "and none of them would ever get a release";
  const rest = `${none} Without after: a ring follows the one above it.`;
  test.each<[string, string, ...string[]]>([
    ["sound", "{ stable: { after: [canary, early] }, canary: { after: [] }, early: { after: canary } }"],
    [
      "itself",
      "{ canary: { after: canary }, stable: {} }",
      `8:20  rings.canary.after: a ring cannot follow itself. ${none}`,
    ],
    [
      "one that follows it by the order of the file",
      "{ canary: { after: stable }, early: {}, stable: {} }",
      `8:20  rings.canary.after: the ring follows itself: canary after stable after early after canary, ${circle}. ${rest}`,
    ],
    [
      "one that names it, in a list",
      "{ canary: {}, early: { after: [canary, stable] }, stable: { after: [early] } }",
      `8:47  rings.early.after[1]: the ring follows itself: early after stable after early, ${circle}. ${rest}`,
    ],
    [
      "two circles, each once",
      "{ canary: { after: canary }, a: { after: b }, b: { after: c }, c: { after: a }, stable: {} }",
      `8:20  rings.canary.after: a ring cannot follow itself. ${none}`,
      `8:42  rings.a.after: the ring follows itself: a after b after c after a, ${circle}. ${rest}`,
    ],
    [
      "a mistyped one",
      "{ canary: {}, stable: { after: canry } }",
      '8:32  rings.stable.after: "canry" is not one of the rings (canary, stable). Did you mean canary?',
    ],
    [
      "one that is not there, in a list",
      "{ canary: {}, stable: { after: [canary, beta] } }",
      '8:48  rings.stable.after[1]: "beta" is not one of the rings (canary, stable). Write one of these, or [] for a ring that waits for none.',
    ],
    [
      "one twice",
      "{ canary: {}, stable: { after: [canary, canary] } }",
      "8:48  rings.stable.after[1]: stands in the list twice (also at [0]). Write it once.",
    ],
    [
      "nothing written",
      "{ canary: {}, stable: { after: } }",
      "8:32  rings.stable.after: is empty. Write after: canary, for example.",
    ],
    [
      "a map",
      "{ canary: {}, stable: { after: { canary: 1 } } }",
      "8:32  rings.stable.after: must be text or a list, and is a map. Write after: canary, for example.",
    ],
    // What canary follows is not known then, so nothing is said of circles.
    [
      "a name in capitals",
      "{ canary: { after: Stable }, stable: {} }",
      '8:20  rings.canary.after: "Stable" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write stable.',
    ],
    [
      "another one that cannot be read",
      "{ canary: 5, early: { after: canary }, stable: {} }",
      "8:10  rings.canary: must be a map, and is 5. Write canary: { bake: 24h }, for example.",
    ],
  ])("%s", (_what, text, ...messages) => {
    expect(rings(text)).toEqual(messages.map((line) => `tenants.yaml:${line}`));
  });
});

describe("bake, parallel, hold", () => {
  test.each<[string, string]>([
    ["bake: 24", 'bake: "24" has no unit. Write 24m for minutes, 24h for hours or 24d for days.'],
    ['bake: "24"', 'bake: "24" has no unit. Write 24m for minutes, 24h for hours or 24d for days.'],
    ["bake: 0", 'bake: "0" has no unit. Write 0m, or remove the line.'],
    ["bake: 1.5", `bake: "1.5" has no unit. ${example}`],
    ["bake: -5h", `bake: "-5h" is below 0. ${example}`],
    ["bake: 1.5h", 'bake: "1.5h" is not a whole number. Write 90m.'],
    ["bake: 0.1m", `bake: "0.1m" is not a whole number. ${example}`],
    ["bake: 91d", 'bake: "91d" is above 90d. Write 90d or less.'],
    ["bake: 24 hours", 'bake: "24 hours" is not written with m, h or d. Write 24h.'],
    ["bake: 1mo", `bake: "1mo" is not in minutes, hours or days. ${example}`],
    ["bake: 1h30m", `bake: "1h30m" is not a length of time. ${example}`],
    ["bake: [1h]", "bake: must be text, and is a list. Write bake: 24h, for example."],
    ["bake:", "bake: is empty. Write bake: 24h, for example."],
    ["parallel: 0", "parallel: 0 is outside 1 to 1000. Write parallel: 2, for example."],
    ["parallel: 1.5", "parallel: must be a whole number, and is 1.5. Write parallel: 2, for example."],
    ["parallel: all", "parallel: must be a whole number, and is text. Write parallel: 2, for example."],
    ['parallel: "2"', "parallel: must be a whole number, and is text. Write parallel: 2 without quotes."],
    ["hold: yes", "hold: must be true or false, and is text. Write hold: true, for example."],
    ["hold: 1", "hold: must be true or false, and is 1. Write hold: true, for example."],
  ])("%s", (setting, message) => {
    expect(canary(`{ ${setting} }`)).toEqual([`tenants.yaml:8:20  rings.canary.${message}`]);
  });
});
