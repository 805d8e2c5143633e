import type { Fault } from "./fault.ts";

/** 64 hexadecimal digits, 43 characters of base64: what 32 random bytes take at least. */
const leastCharacters = 43;

/** Of 64 random hexadecimal digits, one key in 10^12 has fewer different ones. */
const leastDifferent = 10;

const remedyOf = (key: string) =>
  `Write 32 random bytes: \`openssl rand -hex 32 | pulumi config set --secret olympus:${key}\`.`;

/**
 * Judges a root key that a tenant has brought. All its secrets are derived from it, so a word that somebody made up would be
 * guessed by whoever sees one of them. The value is a secret: no sentence repeats a part of it.
 *
 * @param key the stack secret without namespace, `root-acme`
 */
export function judgeRootKey(key: string, value: string): Fault | undefined {
  const remedy = remedyOf(key);
  if (!/^[\x21-\x7e]*$/.test(value)) {
    return { fault: "is not a root key: it has spaces, line breaks or letters beyond ASCII in it", remedy };
  }
  if (value.length < leastCharacters) {
    return {
      fault: `is too short for a root key: ${value.length} characters, and 32 random bytes have ${leastCharacters} or more`,
      remedy,
    };
  }
  const different = new Set(value).size;
  if (different < leastDifferent) {
    return { fault: `has only ${different} different characters, so it is no random key`, remedy };
  }
  return undefined;
}

/** What is wrong with root keys that stand in plain text, or in part. */
export const plainRootKey = (key: string): Fault => ({
  fault: "is not encrypted; anyone who reads the repository has the root key now",
  // To write over the only copy of a key is to lose what it has encrypted.
  remedy: `Where no data is encrypted with it, write another one: \`openssl rand -hex 32 | pulumi config set --secret olympus:${key}\`. Where some is, encrypt this one with \`pulumi config set --secret olympus:${key}\`, and then begin a new generation with another (docs/runbooks/a-key-leaked.md).`,
});

/** Root keys of which two are the same, by key: one tenant's would open another's secrets. */
export function sharedRootKeys(values: ReadonlyMap<string, string>): ReadonlyMap<string, Fault> {
  const first = new Map<string, string>();
  const shared = new Map<string, Fault>();
  for (const [key, value] of values) {
    const other = first.get(value);
    if (other === undefined) first.set(value, key);
    else {
      shared.set(key, {
        fault: `is the same root key as olympus:${other}: who has the one tenant's has the other's`,
        // Which of them is the older, nobody knows here; to write over that one is to lose what it has encrypted.
        remedy: `Put 32 random bytes (\`openssl rand -hex 32\`) into the one that no data is encrypted with yet, or remove it where nothing uses it; leave the other as it is.`,
      });
    }
  }
  return shared;
}
