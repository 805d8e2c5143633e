import { type EngineKind, type EngineVersion, engines, isOlder, oldestEngines } from "./engines.ts";

/** What a container engine has answered: its version, or why there is no answer. */
export type EngineAnswer =
  | EngineVersion
  /** The system's name of what went wrong, `ENOENT`. */
  | { readonly code: string };

/** A host's entry in the configuration, as far as it says where its engine is. */
interface EngineOf {
  /** Key of `olympus:hosts`. */
  readonly name: string;
  readonly address: string;
  readonly engine: EngineKind;
}

/** How somebody gets the right to use an engine. Podman's socket is root's, and there is no group for it. */
const rights: Readonly<Record<EngineKind, string>> = {
  docker: "Add yourself to its group (sudo usermod -aG docker $USER), log in again, and retry.",
  podman: "Run this as root, or give the socket a group of yours (docs/podman.md).",
};

/**
 * What keeps a host's engine from being used, with what to do; undefined when nothing does. The provider would
 * say it once per resource, in its own words.
 */
export function engineFault({ name, address, engine }: EngineOf, answer: EngineAnswer): string | undefined {
  const { title, start } = engines[engine];
  const elsewhere = `write another address under olympus:hosts.${name}`;
  if ("version" in answer) return versionFault({ name, address, engine }, answer);
  switch (answer.code) {
    case "ENOENT":
    case "ECONNREFUSED":
      return `host ${name}: no ${title} engine answers at ${address}. Start it (${start}), or ${elsewhere}.`;
    case "EACCES":
    case "EPERM":
      return `host ${name}: no right to use the ${title} engine at ${address}. ${rights[engine]}`;
    default:
      return (
        `host ${name}: the ${title} engine at ${address} does not answer as one (${answer.code}). ` +
        `Restart it, or ${elsewhere}.`
      );
  }
}

/** An engine of the other kind takes the same calls, reports other things, and would have everything replaced. */
function versionFault({ name, address, engine }: EngineOf, found: EngineVersion): string | undefined {
  const { kind, version, apiVersion } = found;
  const { title } = engines[kind];
  const least = oldestEngines[kind];
  if (kind !== engine) {
    return (
      `host ${name}: ${title} ${version} answers at ${address}, where olympus:hosts.${name} has ${engine}. ` +
      `Write engine: ${kind} there, or another address.`
    );
  }
  if (kind === "podman" && isOlder(version, least.version)) {
    return (
      `host ${name}: the Podman engine at ${address} is ${version}; ${least.version} is the oldest that will do: ` +
      `${least.why} Upgrade the engine.`
    );
  }
  if (!isOlder(apiVersion, least.api)) return undefined;
  return (
    `host ${name}: the ${title} engine at ${address} speaks API ${apiVersion}; ${least.api} (${title} ` +
    `${least.version}) is the oldest that will do. Upgrade the engine.`
  );
}
