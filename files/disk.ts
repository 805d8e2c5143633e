import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { Fleet } from "../fleet/model.ts";
import { defaults } from "./defaults.ts";
import type { Fault } from "./fault.ts";
import { FleetProblems, loadPlacedFleet, type PlacedFleet } from "./load.ts";
import type { TextFile } from "./source.ts";

/** A stack's configuration as the Pulumi program or the offline plan has found it. */
export interface GivenConfiguration {
  readonly stack: string;
  /** Values of the namespace `olympus` by key. `tenantsFile` and `releasesFile` say which files to read. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Keys of the stack's secrets, `smtp-main`. */
  readonly secretKeys: readonly string[];
  /** What is wrong with their values, by key; nobody offline knows. */
  readonly secretFaults?: ReadonlyMap<string, Fault>;
  /** What time it is, for windows of rings that are over, which are refused then. Default: none is. */
  readonly now?: Date;
}

/** What is no path is refused with the rest of the stack's configuration. */
const textOr = (value: unknown, fallback: string) =>
  typeof value === "string" && value !== "" ? value : fallback;

/** Names a file the way the person at the terminal would: below the project, or whole. */
function readText(project: string, path: string): TextFile {
  const whole = isAbsolute(path) ? path : join(project, path);
  const file = relative(project, whole).startsWith("..") ? whole : relative(project, whole);
  return { file, text: readFileSync(whole, "utf8") };
}

function readOrExplain(project: string, path: string, key: string): TextFile {
  try {
    return readText(project, path);
  } catch (cause) {
    throw new FleetFileMissing(
      `${path}: cannot be read. Write the file, or name another in olympus:${key}.`,
      {
        cause,
      },
    );
  }
}

/** The fleet file or the release file is not there. */
export class FleetFileMissing extends Error {
  override readonly name = "FleetFileMissing";
}

/**
 * Reads and checks the fleet of one stack; the only place where the model touches a disk.
 *
 * @param project folder that relative paths start from
 * @throws FleetProblems with everything that is wrong, FleetFileMissing
 */
export const readFleet = (project: string, given: GivenConfiguration): Fleet =>
  readPlacedFleet(project, given).fleet;

/** @throws FleetProblems, FleetFileMissing as `readFleet` does */
export function readPlacedFleet(project: string, given: GivenConfiguration): PlacedFleet {
  const { stack, values, secretKeys, secretFaults, now } = given;
  const { tenantsFile, releasesFile } = values;
  const stackFile = `Pulumi.${stack}.yaml`;
  return loadPlacedFleet({
    stack,
    config: values,
    // Only for line numbers; `--config-file` may name another one.
    ...(existsSync(join(project, stackFile)) && { configSource: readText(project, stackFile) }),
    tenants: readOrExplain(project, textOr(tenantsFile, defaults.stack.tenantsFile), "tenantsFile"),
    releases: readOrExplain(project, textOr(releasesFile, defaults.stack.releasesFile), "releasesFile"),
    schemaTexts: (path) => {
      try {
        return readText(project, path).text;
      } catch {
        return undefined; // the check of the fleet says which tenant names it
      }
    },
    secretKeys,
    secretFaults,
    now,
  });
}

/** Whether an error is meant for the person who wrote the files, rather than for us. */
export function isForTheAuthor(error: unknown): error is Error {
  return error instanceof FleetProblems || error instanceof FleetFileMissing;
}
