import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, isOlder } from "../../hosts/engines.ts";

describe("versions are compared by number", () => {
  test.each([
    ["4.9", "4.10"],
    ["4.2.9", "4.3"],
    ["20.10.24+dfsg1", "20.11"],
    ["3.4.4", "4.3"],
    ["", "1"],
  ])("%s is older than %s", (version, least) => {
    expect(isOlder(version, least)).toBe(true);
  });
  test.each([
    ["4.3.1", "4.3"],
    ["4.3", "4.3"],
    ["4.10.0", "4.9"],
    ["20.10.24+dfsg1", "20.10"],
    ["5", "4.3"],
  ])("%s is not older than %s", (version, least) => {
    expect(isOlder(version, least)).toBe(false);
  });
});

describe("a fingerprint", () => {
  test("does not depend on the order of keys, at any depth", () => {
    expect(fingerprint({ a: { x: 1, y: [1, 2] }, b: "text" })).toBe(
      fingerprint({ b: "text", a: { y: [1, 2], x: 1 } }),
    );
  });
  test("depends on the order of a list, and on what is missing", () => {
    expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }));
    expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: 1, b: 2 }));
  });
  test("is the same for the same, and another for anything else", () => {
    const value = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())));
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(fingerprint({ ...one })).toBe(fingerprint(one));
        expect(fingerprint({ one }) === fingerprint({ other: one })).toBe(false);
        const same =
          JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(fingerprint(one) === fingerprint(other)).toBe(same);
      }),
    );
  });
});
