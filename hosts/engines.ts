import { createHash } from "node:crypto";
import type { Host } from "../fleet/model.ts";

export type EngineKind = Host["engine"];

/** What an engine says about itself. */
export interface EngineVersion {
  readonly kind: EngineKind;
  /** `20.10.24+dfsg1`, `4.3.1` */
  readonly version: string;
  /** Of Docker's API, which both speak: `1.41`. */
  readonly apiVersion: string;
}

/** @param body what the engine answers to `GET /version`, as JSON has it; undefined when that is no engine's */
export function engineVersion(body: unknown): EngineVersion | undefined {
  const { Version, ApiVersion, Components } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof ApiVersion !== "string") return undefined;
  const isPodman = Array.isArray(Components) && Components.some(({ Name }) => /podman/i.test(String(Name)));
  return {
    kind: isPodman ? "podman" : "docker",
    version: typeof Version === "string" ? Version : "of an unknown version",
    apiVersion: ApiVersion,
  };
}

/** The oldest engine of a kind that will do. */
export interface OldestEngine {
  readonly version: string;
  readonly api: string;
  /** What is missing before it. One clause. */
  readonly why: string;
  /** Debian's and Ubuntu's name of it. */
  readonly package: string;
}

/** The one table of what engines are needed. */
export const oldestEngines: Readonly<Record<EngineKind, OldestEngine>> = {
  docker: {
    version: "20.10",
    api: "1.41",
    why: "the program was run on nothing older.",
    package: "docker.io",
  },
  podman: {
    version: "4.3",
    api: "1.41",
    why: "the program was run on nothing older.",
    package: "podman",
  },
};

/** By number: `4.9` is older than `4.10`. What follows the numbers (`+dfsg1`) does not count. */
export function isOlder(version: string, least: string): boolean {
  const numbers = (text: string) => (/^[\d.]+/.exec(text)?.[0] ?? "0").split(".").map(Number);
  const [have, need] = [numbers(version), numbers(least)];
  for (const [index, part] of need.entries()) {
    const own = have[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}

/** What is known of an engine before it is asked. */
export interface EngineTraits {
  /** Its name for people. */
  readonly title: string;
  /** Where it listens on a host that is reached over SSH. */
  readonly socket: string;
  /** Starts it where systemd does. */
  readonly start: string;
  /**
   * First lines of every script for a host with this engine. Scripts speak to it as `docker`, whose address is in
   * DOCKER_HOST.
   */
  readonly prelude: string;
}

const podmanSocket = "/run/podman/podman.sock";

export const engines: Readonly<Record<EngineKind, EngineTraits>> = {
  docker: {
    title: "Docker",
    socket: "/var/run/docker.sock",
    start: "sudo systemctl start docker",
    prelude: "",
  },
  podman: {
    title: "Podman",
    socket: podmanSocket,
    start: "sudo systemctl enable --now podman.socket",
    // With `instead=exec` it takes the shell's place (backends/docker/gate/waiting.sh).
    // Podman's own command takes the same words, and is on every host that has the engine; docker's is not.
    prelude: `docker() { \${instead-} podman --url "\${DOCKER_HOST:-unix://${podmanSocket}}" "$@"; }\n`,
  },
};

/** A short name for a value: equal for equal values, whatever the order in which they were written. */
export function fingerprint(value: Readonly<Record<string, unknown>>): string {
  const sorted = (_: string, inner: unknown): unknown =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return createHash("sha256").update(JSON.stringify(value, sorted)).digest("hex").slice(0, 16);
}
