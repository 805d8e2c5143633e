import type { SizeName } from "../fleet/sizes.ts";

/**
 * What a field that is left out means, each spelled once: the hover text, the reference and the fleet that is loaded take it
 * from here. What follows from other fields (`admin@<tenant>.<domain>`) stands where it is worked out.
 */
export const defaults = {
  /** Of one of `olympus:hosts`. */
  host: {
    engine: "docker",
    reserve: "1GiB",
    networkPool: "10.128.0.0/9",
    httpPort: 80,
    httpsPort: 443,
    /** Seconds. */
    healthInterval: 20,
    inputRule: "require",
  },
  /** Of the stack's configuration. */
  stack: {
    overcommit: 1.5,
    protectData: true,
    removeAtOnce: "20%",
    tenantsFile: "tenants.yaml",
    releasesFile: "releases.yaml",
  },
  /** Of a ring in a map of `rings`. */
  ring: {
    bake: "0m",
    hold: false,
  },
  /** Of the fleet file and its tenants. */
  tenant: {
    rings: ["stable"] as readonly string[],
    size: "small" satisfies SizeName,
    state: "active",
    secretsGeneration: 1,
    secretsOldest: 1,
    clientScope: "openid offline_access",
    clientKind: "public",
  },
} as const;

/** The last sentence of a field's description. */
export const defaultIs = (value: unknown) =>
  `Default: \`${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}\`.`;
