import { homedir } from "node:os";
import { join } from "node:path";

const base = (variable: string, fallback: string) => process.env[variable] || join(homedir(), fallback);

/**
 * What can be made again: built binaries, images, downloads. Kept by `demo -- down`.
 * Moved as a whole by OLYMPUS_FLEET_CACHE, else `$XDG_CACHE_HOME/olympus-fleet`.
 */
export const cacheDir =
  process.env.OLYMPUS_FLEET_CACHE || join(base("XDG_CACHE_HOME", ".cache"), "olympus-fleet");

/**
 * What belongs to one run of the demo: Pulumi's state, the passphrase, generated stack files, logs.
 * Moved as a whole by OLYMPUS_FLEET_STATE, else `$XDG_STATE_HOME/olympus-fleet`.
 */
export const stateDir =
  process.env.OLYMPUS_FLEET_STATE || join(base("XDG_STATE_HOME", ".local/state"), "olympus-fleet");

/** The root of this checkout. */
export const projectDir = join(import.meta.dirname, "..");
