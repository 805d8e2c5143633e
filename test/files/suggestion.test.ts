import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, suggestions } from "../../files/suggestion.ts";
import { editDistance } from "../../fleet/editDistance.ts";

const fields = ["host", "release", "size", "ring", "domains", "redirectUris", "postLogoutRedirectUris"];

describe("suggestions", () => {
  test.each([
    ["hots", ["host"]],
    ["HOST", ["host"]],
    ["redirect_uris", ["redirectUris"]],
    ["redirect-URIs", ["redirectUris"]],
    ["domain", ["domains"]],
    ["relaese", ["release"]],
    ["x", []],
    ["password", []],
    ["", []],
  ])("for %j are %j", (word, expected) => {
    expect(suggestions(word, fields)).toEqual(expected);
  });

  test("equally near words are all named, but not a whole list", () => {
    expect(didYouMean("eu-9", ["eu-1", "eu-2"], "Write one.")).toBe("Did you mean eu-1 or eu-2?");
    expect(didYouMean("eu-9", ["eu-1", "eu-2", "eu-3", "eu-4"], "Write one.")).toBe("Write one.");
    expect(didYouMean("paris", ["eu-1"], "Write one.")).toBe("Write one.");
    expect(didYouMean("eu-1", [], "Write one.")).toBe("Write one.");
  });
});

test("the distance of words is one: symmetric, zero for the same, at most the longer one", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
