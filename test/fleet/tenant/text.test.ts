import fc from "fast-check";
import { expect, test } from "vitest";
import { current } from "../../../fleet/secrets.ts";
import { fill, JsonSecret, json, jsonList } from "../../../fleet/tenant/text.ts";

const secret = current("kratos/cipher", { newest: 1, oldest: 1 });
const filled = (value: Parameters<typeof json>[0]) => JSON.parse(fill(json(value), (ref) => `<${ref.from}>`));

test("what people write stays what it is, whatever it looks like", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const written = JSON.parse(JSON.stringify(value));
      expect(filled(written)).toEqual(written);
    }),
  );
});

test("a secret stands where it was put, and nowhere else", () => {
  const beside = ["@secret:administrator@", "<root>", '"', "\\", "{}"];
  expect(
    filled({ beside, password: new JsonSecret(secret), nested: [{ again: new JsonSecret(secret) }] }),
  ).toEqual({
    beside,
    password: "<root>",
    nested: [{ again: "<root>" }],
  });
  expect(fill(jsonList([secret, secret]), () => "x")).toBe('["x","x"]');
});
