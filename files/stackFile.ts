import { isRootKey, isSecretKey, tokenKey } from "../fleet/stackSecrets.ts";
import { pastedLines } from "./checked.ts";
import type { Fault } from "./fault.ts";
import { secretIn } from "./pasted.ts";
import { isMap, keysOf, type Path, printedPath, valueAt } from "./path.ts";
import type { Source } from "./place.ts";
import { type Problem, problem } from "./problem.ts";
import { plainRootKey } from "./rootKey.ts";
import { judgeSmtpUri } from "./smtpUri.ts";
import { readYaml, type TextFile, type TextSource } from "./source.ts";

const namespace = "olympus:";

/** What a fleet needs of a stack's configuration. */
export interface StackValues {
  readonly config: Readonly<Record<string, unknown>>;
  /** Keys of its secrets, `smtp-main` for `olympus:smtp-main`. */
  readonly secretKeys: readonly string[];
  /** What is wrong with those that are not encrypted, by key. */
  readonly secretFaults: ReadonlyMap<string, Fault>;
}

/**
 * One value as it was meant. Pulumi hands objects over as JSON, and whenever its CLI writes the file it turns
 * `protectData: false` into `"false"`; only the schema knows what a key should be.
 */
export function configurationValue(written: unknown): unknown {
  if (typeof written !== "string") return written;
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

/** From the text of Pulumi.<stack>.yaml, for what runs without Pulumi. */
export function stackFileValues(file: TextFile): StackValues {
  const { source } = readYaml(file);
  const config = isMap(source.value) ? source.value.config : undefined;
  const ours = Object.entries(isMap(config) ? config : {})
    .filter(([key]) => key.startsWith(namespace))
    .map(([key, value]) => [key.slice(namespace.length), value] as const);
  return {
    config: Object.fromEntries(
      ours
        .filter(([key, value]) => !isSecretKey(key) && !isEncrypted(value))
        .map(([key, value]) => [key, configurationValue(value)]),
    ),
    secretKeys: ours.map(([key]) => key).filter(isSecretKey),
    secretFaults: new Map(
      ours.flatMap(([key, value]) => {
        const fault = isSecretKey(key) && key !== tokenKey ? plainFault(key, value) : undefined;
        return fault === undefined ? [] : [[key, fault] as const];
      }),
    ),
  };
}

// Other secrets of the namespace are for the program, not for the model.
function isEncrypted(value: unknown): boolean {
  return keysOf(value).length === 1 && keysOf(value)[0] === "secure";
}

const isWhole = (value: unknown): boolean =>
  isEncrypted(value) && isMap(value) && typeof value.secure === "string" && value.secure !== "";

/** Of a mail server that takes mail without a password, the URI may stand in plain text; one with a password is told elsewhere. */
function plainFault(key: string, value: unknown): Fault | undefined {
  // A root key is told with all that stands in plain text, and so in a run of Pulumi, too: `plainSecrets()`.
  if (isWhole(value) || isRootKey(key)) return undefined;
  if (typeof value === "string" && secretIn(value) !== undefined) return undefined;
  if (typeof value === "string") return judgeSmtpUri(key, value);
  return {
    fault: "is neither encrypted nor the URI of a mail server",
    remedy: `Write it with \`pulumi config set --secret olympus:${key}\`.`,
  };
}

/** The configuration with places in the text it came from, if the caller has that. */
export function stackSource(value: unknown, file: Source | undefined): Source {
  const inFile = (path: Path): Path => {
    const [first, ...rest] = path;
    return first === undefined ? ["config"] : ["config", `${namespace}${first}`, ...rest];
  };
  return {
    value: isMap(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => !isSecretKey(key)))
      : value,
    place: (path) => file?.place(inFile(path)),
    label: (path) => (path.length === 0 ? "olympus" : `${namespace}${printedPath(path)}`),
    written: (path) => file?.written(inFile(path)),
  };
}

/**
 * Secrets that stand in the file in plain text, but for those in values of the configuration.
 * @param known lines that have been told
 */
export function plainSecrets(file: TextSource, known: readonly (number | undefined)[]): Problem[] {
  const remedy =
    "Write it with `pulumi config set --secret`, which encrypts it; replace this one where it is used.";
  const lines = pastedLines(file, []).filter(({ place }) => !known.includes(place?.line));
  return [
    ...lines.map((line) => ({ ...line, path: line.path.replace(/^config\./, ""), remedy })),
    ...plainToken(file),
    ...plainRootKeys(file),
  ];
}

/** Root keys that the file has in plain text, used or not. A run of Pulumi gets them like encrypted ones, and cannot tell. */
function plainRootKeys(file: Source): Problem[] {
  const config = isMap(file.value) ? file.value.config : undefined;
  return keysOf(config).flatMap((path) => {
    const key = path.slice(namespace.length);
    if (!path.startsWith(namespace) || !isRootKey(key)) return [];
    const at = ["config", path];
    if (isWhole(valueAt(file.value, at))) return [];
    return [{ ...problem(file, { at, ...plainRootKey(key) }), path }];
  });
}

/** The token, if the file has it in plain text. It has no form by which it would be found; its key says what it is. */
function plainToken(file: Source): Problem[] {
  const path = `${namespace}${tokenKey}`;
  const at = ["config", path];
  const value = valueAt(file.value, at);
  if (value === undefined || isEncrypted(value)) return [];
  const what = {
    fault: "stands here in plain text; anyone who reads the repository has it now",
    remedy: `Revoke it at Cloudflare, and write a new one with \`pulumi config set --secret ${path}\`.`,
  };
  return [{ ...problem(file, { at, ...what }), path }];
}
