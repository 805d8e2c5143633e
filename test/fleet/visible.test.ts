import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { unseen, visible } from "../../fleet/visible.ts";

// Drawing signs of all of Unicode takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

test.each([
  ["\u001b[31mred", "\\u001b[31mred"],
  ["bell\u0007", "bell\\u0007"],
  ["\u009b31m", "\\u009b31m"],
  ["over\rwritten", "over\\u000dwritten"],
  ["a\r\nb\tc\n", "a\nb\tc\n"],
  ["moc.live\u202e", "moc.live\\u202e"],
  ["\ufeffhost", "\\ufeffhost"],
  ["ac\u200bme", "ac\\u200bme"],
  ["ac\u00adme\u2060", "ac\\u00adme\\u2060"],
  ["tag\u{e0041}", "tag\\udb40\\udc41"],
  ["Zürich, 東京, 👩‍💻", "Zürich, 東京, 👩‍💻"],
])("%j is shown as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("nothing unseen is left, and JSON still says the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visible(text)).not.toMatch(unseen);
      const json = JSON.stringify({ text: text.replaceAll("\r\n", "\n") });
      expect(JSON.parse(visible(json))).toEqual(JSON.parse(json));
    }),
    { numRuns: 50 },
  );
});
