import fc from "fast-check";
import { expect, test } from "vitest";
import {
  administratorPassword,
  clientSecret,
  current,
  derive,
  newestFirst,
  rootFingerprint,
  type SecretName,
} from "../../fleet/secrets.ts";

const rootKey = Buffer.alloc(32, 7);

test("a label always gives the same value: a restore depends on it", () => {
  // Changing any of these makes the data of every tenant in the world unreadable.
  expect(derive(rootKey, "kratos/cipher/1", "hex16")).toBe("98f6e1ef073d94461873a122ac152cfb");
  expect(derive(rootKey, "hydra/system/1", "hex32")).toBe(
    "8587a47ebe60b171688a930a95c5fe0c682281e633bbc32662d732edf193a850",
  );
  expect(derive(rootKey, "athena/session-signing-key/1", "base64")).toBe(
    "+J6F25S9Pz5Eq967d8FYzZonSVXnF39mftzBIByqiwA=",
  );
  expect(derive(rootKey, "postgres/kratos/1", "password")).toBe("-L0HztoD07I_fh5dHU2Bnel27kio8O1p");
});

test("each consumer gets the format that it demands", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.string({ minLength: 1 }),
      (root, label) => {
        expect(derive(root, label, "hex16")).toMatch(/^[0-9a-f]{32}$/);
        expect(derive(root, label, "hex32")).toMatch(/^[0-9a-f]{64}$/);
        expect(Buffer.from(derive(root, label, "base64"), "base64")).toHaveLength(32);
        expect(derive(root, label, "password")).toMatch(/^[\w-]{32}$/);
      },
    ),
  );
});

test("another label or another tenant's root gives another value", () => {
  const labels = ["kratos/cipher/1", "kratos/cipher/2", "kratos/cookie/1", "client/a/1", "client/b/1"];
  const values = [rootKey, Buffer.alloc(32, 8)].flatMap((root) =>
    labels.map((label) => derive(root, label, "hex32")),
  );
  expect(new Set(values).size).toBe(values.length);
});

const labels = (name: SecretName, newest: number, oldest: number) =>
  newestFirst(name, { newest, oldest }).map(({ label }) => label);

test("a new generation stands in front of the old ones, down to the oldest", () => {
  expect(labels("hydra/system", 3, 1)).toEqual(["hydra/system/3", "hydra/system/2", "hydra/system/1"]);
  expect(labels("hydra/system", 3, 2)).toEqual(["hydra/system/3", "hydra/system/2"]);
  expect(labels("hydra/system", 3, 3)).toEqual(["hydra/system/3"]);
});

test("Kratos keeps every cipher for reading: what it has encrypted is never encrypted again", () => {
  expect(labels("kratos/cipher", 3, 3)).toEqual(["kratos/cipher/3", "kratos/cipher/2", "kratos/cipher/1"]);
});

test.each(["hydra/pairwise-salt", "olympus/encryption-key"] as const)("%s never rotates", (name) => {
  expect(current(name, { newest: 5, oldest: 5 })).toMatchObject({ label: `${name}/1` });
  expect(labels(name, 5, 5)).toEqual([`${name}/1`]);
});

test("who follows as administrator gets another first password; the spelling of an address makes no difference", () => {
  const password = (email: string) => {
    const { label, format } = administratorPassword(email);
    return derive(rootKey, label, format);
  };
  expect(password("bob@acme.example")).not.toBe(password("alice@acme.example"));
  expect(password("Alice@Acme.example")).toBe(password("alice@acme.example"));
});

test("from a generation on, secrets are derived from the root key that the tenant has brought", () => {
  const roots = [
    { since: 2, key: "root-acme" },
    { since: 4, key: "root-acme-2" },
  ];
  const rooted = (name: SecretName, newest: number, oldest: number) =>
    newestFirst(name, { newest, oldest, roots }).map(({ label, root }) => [label.split("/").at(-1), root]);
  expect(rooted("hydra/system", 4, 1)).toEqual([
    ["4", "root-acme-2"],
    ["3", "root-acme"],
    ["2", "root-acme"],
    ["1", undefined],
  ]);
  // What never rotates stays with the first root key, and so does what applications and people have been given.
  expect(rooted("hydra/pairwise-salt", 4, 4)).toEqual([["1", undefined]]);
  expect(current("olympus/encryption-key", { newest: 4, oldest: 4, roots }).root).toBeUndefined();
  expect(clientSecret({ id: "shop" }, roots).root).toBeUndefined();
  // Where the first root key has leaked, a client is given a secret of another.
  expect(clientSecret({ id: "shop", secretGeneration: 2 }, roots)).toMatchObject({
    label: "client/shop/2",
    root: "root-acme",
  });
  expect(administratorPassword("a@acme.example", [{ since: 1, key: "root-acme" }]).root).toBe("root-acme");
});

test("a fingerprint tells root keys apart, and is none of the secrets", () => {
  const key = rootKey.toString("hex");
  expect(rootFingerprint(key)).toMatch(/^[0-9a-f]{32}$/);
  expect(rootFingerprint(key)).not.toBe(rootFingerprint(`${key}0`));
});
