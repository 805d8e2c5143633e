import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeRange } from "../../files/address.ts";
import {
  address4,
  contains,
  isAddress6,
  printedAddress4,
  printedRange4,
  range4,
} from "../../fleet/address.ts";

describe("IPv4", () => {
  test("an address is what Node takes for one", () => {
    const nearly = fc.oneof(fc.ipV4(), fc.stringMatching(/^[0-9.]{1,15}$/), fc.string());
    fc.assert(
      fc.property(nearly, (text) => {
        expect(address4(text) !== undefined).toBe(isIPv4(text));
      }),
    );
  });

  test("printing and reading are each other's inverse", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.nat(32), (number, prefix) => {
        expect(address4(printedAddress4(number))).toBe(number);
        const size = 2 ** (32 - prefix);
        const range = { base: Math.floor(number / size) * size, prefix };
        expect(range4(printedRange4(range))).toEqual(range);
        expect(contains(range, { base: number, prefix: 32 })).toBe(true);
      }),
    );
  });

  test.each([
    "10.0.0.0",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.1/24",
    "10.0.0.0/8/8",
    "::/0",
    "",
  ])("%j is no range", (text) => {
    expect(range4(text)).toBeUndefined();
  });
});

describe("IPv6", () => {
  test("an address is what Node takes for one, without zones and embedded IPv4", () => {
    const nearly = fc.oneof(fc.ipV6(), fc.stringMatching(/^[0-9a-f:]{1,20}$/));
    fc.assert(
      fc.property(nearly, (text) => {
        fc.pre(!text.includes("."));
        expect(isAddress6(text)).toBe(isIPv6(text));
      }),
      { numRuns: 500 },
    );
  });

  test.each(["::1/128", "2001:db8::/48", "fd00::/8", "127.0.0.1/32", "198.51.100.0/24"])(
    "%s may open a vhost",
    (range) => {
      expect(judgeRange(range)).toBeUndefined();
    },
  );
});
