import { describe, expect, test } from "vitest";
import { loadFleet } from "../../files/load.ts";
import { judgeRootKey, sharedRootKeys } from "../../files/rootKey.ts";
import { input, lines, stackText, tenant } from "../fleet/fleetInput.ts";

const hex = "4f1d0c9b8a7e6f5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a3928170605";
const remedy =
  "Write 32 random bytes: `openssl rand -hex 32 | pulumi config set --secret olympus:root-acme`.";

describe("a root key", () => {
  test.each([
    ["64 hexadecimal digits", hex],
    ["32 bytes as base64", Buffer.from(hex, "hex").toString("base64")],
    ["32 bytes as base64url", Buffer.from(hex, "hex").toString("base64url")],
  ])("of %s is taken", (_what, value) => {
    expect(judgeRootKey("root-acme", value)).toBeUndefined();
  });

  test.each([
    ["nothing", "", "is too short for a root key: 0 characters, and 32 random bytes have 43 or more"],
    [
      "16 bytes",
      hex.slice(32),
      "is too short for a root key: 32 characters, and 32 random bytes have 43 or more",
    ],
    ["one letter, often", "a".repeat(64), "has only 1 different characters, so it is no random key"],
    [
      "a line break at its end",
      `${hex}\n`,
      "is not a root key: it has spaces, line breaks or letters beyond ASCII in it",
    ],
    [
      "a sentence",
      "correct horse battery staple is what everybody takes",
      "is not a root key: it has spaces, line breaks or letters beyond ASCII in it",
    ],
  ])("of %s is refused, without a part of it in the message", (_what, value, fault) => {
    expect(judgeRootKey("root-acme", value)).toEqual({ fault, remedy });
  });

  test("that two names have is told at the second one", () => {
    const shared = sharedRootKeys(
      new Map([
        ["root-acme", hex],
        ["root-b", hex.replace("4", "5")],
        ["root-bigcorp", hex],
      ]),
    );
    expect([...shared.keys()]).toEqual(["root-bigcorp"]);
    // By name, not by age: the second may be the one with data, so nobody is told to write over it.
    expect(shared.get("root-bigcorp")).toEqual({
      fault: "is the same root key as olympus:root-acme: who has the one tenant's has the other's",
      remedy:
        "Put 32 random bytes (`openssl rand -hex 32`) into the one that no data is encrypted with yet, or remove it where nothing uses it; leave the other as it is.",
    });
  });
});

describe("`secrets.root`", () => {
  const sound = { ...tenant("{ secrets: { root: bigcorp } }"), secretKeys: ["root-bigcorp"] };

  test("names a stack secret, for all generations or from one on", () => {
    const rootsOf = (fields: string) =>
      loadFleet(input({ ...sound, ...tenant(fields) })).tenants[0]?.secretsRoots;
    expect(rootsOf("{}")).toBeUndefined();
    expect(rootsOf("{ secrets: { root: bigcorp } }")).toEqual([{ since: 1, key: "root-bigcorp" }]);
    expect(rootsOf('{ secrets: { generation: 10, root: { "10": bigcorp } } }')).toEqual([
      { since: 10, key: "root-bigcorp" },
    ]);
  });

  test.each([
    [
      "a secret that the stack has not",
      "{ secrets: { root: other } }",
      "3:19  tenants.t.secrets.root: stack prod has no secret olympus:root-other. Write it with `openssl rand -hex 32 | pulumi config set --secret olympus:root-other`, and keep the key outside of Pulumi, too.",
    ],
    [
      "one that is nearly right",
      "{ secrets: { root: bigcrop } }",
      "3:19  tenants.t.secrets.root: stack prod has no secret olympus:root-bigcrop. Did you mean bigcorp?",
    ],
    [
      "a generation that there is not",
      '{ secrets: { root: { "2": bigcorp } } }',
      "3:27  tenants.t.secrets.root.2: begins with generation 2, and the tenant has generation 1: nothing is derived from it. Write generation: 2, or the generation that it begins with.",
    ],
    [
      "what is no generation",
      "{ secrets: { root: { zero: bigcorp } } }",
      '3:27  tenants.t.secrets.root.zero: "zero" is not a generation: 1 to 1000. Write the first generation that is derived from the root key, such as 2.',
    ],
    [
      "what is no name",
      '{ secrets: { root: "big corp" } }',
      '3:19  tenants.t.secrets.root: "big corp" is not a name: 1-63 letters, digits, dots, hyphens and underscores. Write a name without spaces, such as main.',
    ],
    [
      "the key itself",
      `{ secrets: { root: ${hex} } }`,
      "3:19  tenants.t.secrets.root: a long random value stands here in plain text; anyone who reads the repository has it now. Write nothing secret here: remove it, and replace it where it is used.",
    ],
  ])("refuses %s", (_what, fields, line) => {
    expect(lines({ ...sound, ...tenant(fields) })).toEqual([`tenants.yaml:${line}`]);
  });

  test("refuses one root key for two tenants", () => {
    const { config } = sound;
    const tenants = `defaults: { release: "2026.11", mail: none }\ntenants:\n  a: { secrets: { root: bigcorp } }\n  b: { secrets: { generation: 2, root: { "2": bigcorp } } }\n`;
    expect(lines({ config, tenants, secretKeys: ["root-bigcorp"] })).toEqual([
      "tenants.yaml:4:42  tenants.b.secrets.root.2: bigcorp is the root key of a: who has the one tenant's secrets could derive the other's. Write the name of another stack secret.",
    ]);
  });

  test.each([
    ["used", "{ secrets: { root: bigcorp } }"],
    ["not used yet", "{}"],
  ])(
    "refuses a key that stands in the stack's file in plain text, %s, by plan and by Pulumi",
    (_what, fields) => {
      const written = (value: string) => ({
        ...sound,
        ...tenant(fields),
        stackText: `${stackText}  olympus:root-bigcorp: ${value}\n`,
      });
      const plain = [
        "Pulumi.prod.yaml:25:3  olympus:root-bigcorp: is not encrypted; anyone who reads the repository has the root key now. Where no data is encrypted with it, write another one: `openssl rand -hex 32 | pulumi config set --secret olympus:root-bigcorp`. Where some is, encrypt this one with `pulumi config set --secret olympus:root-bigcorp`, and then begin a new generation with another (docs/runbooks/a-key-leaked.md).",
      ];
      expect(lines(written(hex))).toEqual(plain);
      expect(lines(written("{ secure: }"))).toEqual(plain);
      expect(lines(written("{ secure: v1:abc }"))).toEqual([]);
    },
  );

  test("tells what is wrong with the key once, and only where a tenant uses it", () => {
    const fault = { fault: "is too short", remedy: "Write a longer one." };
    const secretFaults = new Map([["root-bigcorp", fault]]);
    expect(lines({ ...sound, secretFaults })).toEqual([
      "olympus:root-bigcorp: is too short. Write a longer one.",
    ]);
    expect(lines({ ...sound, ...tenant("{}"), secretFaults })).toEqual([]);
  });
});
