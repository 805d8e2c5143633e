import type { Fault } from "./fault.ts";

const mailPassword = "a mail server's password";

/** What gives a pasted secret away by its form alone, wherever it stands. */
const forms: readonly { readonly form: RegExp; readonly name: string }[] = [
  { form: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, name: "a private key" },
  { form: /AGE-SECRET-KEY-1/, name: "a private key" },
  { form: /\bsmtps?:\/\/[^\s/:@"']*:[^\s/@"']+@/i, name: mailPassword },
  { form: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:[^\s/@"']+@/i, name: "a password inside a URI" },
  {
    form: /\b(ghp|gho|ghs|github_pat|glpat|xox[abps]|sk_live|rk_live|pul)[-_][A-Za-z0-9_-]{16,}/,
    name: "an access token",
  },
  { form: /\bAKIA[0-9A-Z]{16}\b/, name: "an access key" },
  { form: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./, name: "a signed token" },
];

/** Names the secret that `text` holds, if it holds one. */
export function secretIn(text: string): string | undefined {
  return forms.find(({ form }) => form.test(text))?.name;
}

/** Names what looks made by a random generator; for fields that never hold a digest or a commit. */
export function randomIn(text: string): string | undefined {
  // An address may have anything in its path, and is no place where people keep keys.
  if (text.includes("://")) return undefined;
  return words(text).some(isRandom) ? "a long random value" : undefined;
}

/** What must not be repeated in a message. */
export function isSecret(text: string): boolean {
  return (secretIn(text) ?? randomIn(text)) !== undefined;
}

/** The text with its secrets blotted out; digests of images stay. */
export function redacted(text: string): string {
  const formless = forms.reduce(
    (rest, { form }) => rest.replace(new RegExp(form, `${form.flags}g`), "[...]"),
    text,
  );
  const digests = new Set(formless.match(/(?<=sha256:)[0-9a-f]{64}/g));
  return words(formless)
    .filter((word) => isRandom(word) && !digests.has(word))
    .reduce((rest, word) => rest.replaceAll(word, "[...]"), formless);
}

function words(text: string): string[] {
  return text.split(/[^A-Za-z0-9+/=_-]+/);
}

/**
 * People's words have few runs of digits, change between capitals, small letters and digits seldom, and repeat
 * letters; random bytes in base64 or hex do not. UUIDs pass: they are identifiers far more often than keys.
 */
function isRandom(word: string): boolean {
  if (word.length < 24 || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)) return false;
  const digitRuns = word.match(/[0-9]+/g)?.length ?? 0;
  if (/[a-z]/.test(word) && /[A-Z]/.test(word)) {
    const runs = word.match(/[a-z]+|[A-Z]+|[0-9]+|[^a-zA-Z0-9]+/g)?.length ?? 0;
    return digitRuns >= 2 && runs / word.length > 0.45 && bitsPerCharacter(word) > 3.6;
  }
  return word.length >= 32 && !/[-_/]/.test(word) && digitRuns >= 4 && bitsPerCharacter(word) > 3;
}

function bitsPerCharacter(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => {
    const share = count / word.length;
    return bits - share * Math.log2(share);
  }, 0);
}

export function pastedFault(name: string): Fault {
  const remedy =
    name === mailPassword
      ? "Write mail: { smtp: NAME } and put a new URI into the stack: `pulumi config set --secret olympus:smtp-NAME`."
      : "Write nothing secret here: remove it, and replace it where it is used.";
  return { fault: `${name} stands here in plain text; anyone who reads the repository has it now`, remedy };
}

/** A value as messages may show it: quoted, cut, and never a secret, since messages end up in public logs. */
export function shown(value: unknown): string {
  if (typeof value !== "string")
    return value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
  if (isSecret(value)) return "this value";
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
