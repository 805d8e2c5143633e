import { isSecretKey, tokenKey } from "../fleet/stackSecrets.ts";
import { isMap, keysOf, type Path, printedPath, valueAt } from "./path.ts";
import type { Source } from "./place.ts";
import { type Problem, problem } from "./problem.ts";
import { readYaml, type TextFile } from "./source.ts";

const namespace = "olympus:";

/** What a fleet needs of a stack's configuration. */
export interface StackValues {
  readonly config: Readonly<Record<string, unknown>>;
  /** Keys of its secrets, `smtp-main` for `olympus:smtp-main`. */
  readonly secretKeys: readonly string[];
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
  };
}

// Other secrets of the namespace (a tenant's own root key) are for the program, not for the model.
function isEncrypted(value: unknown): boolean {
  return keysOf(value).length === 1 && keysOf(value)[0] === "secure";
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

/** The token, if the file has it in plain text. It has no form by which it would be found; its key says what it is. */
export function plainToken(file: Source): Problem[] {
  const path = `${namespace}${tokenKey}`;
  const at = ["config", path];
  if (typeof valueAt(file.value, at) !== "string") return [];
  const what = {
    fault: "stands here in plain text; anyone who reads the repository has it now",
    remedy: `Revoke it at Cloudflare, and write a new one with \`pulumi config set --secret ${path}\`.`,
  };
  return [{ ...problem(file, { at, ...what }), path }];
}
