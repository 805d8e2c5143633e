import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { contentKey } from "../cached.ts";
import { cacheDir, projectDir } from "../paths.ts";
import { LabError } from "../progress.ts";
import { startInBackground, stopInBackground } from "./processes.ts";
import { IDENTITY_HEADER } from "./registryServer.ts";

/** Docker trusts 127.0.0.0/8 without TLS, so no engine has to be configured for this registry. */
const HOST = "127.0.0.1";
const PORT = Number(process.env.OLYMPUS_FLEET_REGISTRY_PORT || 5055);
/** By port: anyone who chooses another port gets a second registry, which does no harm as neither can be written to. */
const PROCESS = `registry-${PORT}`;

/** What the registry serves; lab/images fills it. */
export const registryDir = join(cacheDir, "registry");

export interface Registry {
  /** `host:port`, the first part of an image reference. */
  readonly address: string;
}

/** Returns the lab's image registry, started if need be. */
export async function ensureRegistry(): Promise<Registry> {
  const address = `${HOST}:${PORT}`;
  // Another folder or an edited server is another registry: the old process is replaced, not reused.
  const identity = await contentKey([join(import.meta.dirname, "registryServer.ts")], registryDir);

  const found = await identify(address);
  if (found === identity) return { address };
  if (found !== undefined && !(await stopRegistry())) throw new LabError(portTaken(address, found));

  const command = ["--import", "tsx", join(import.meta.dirname, "registryProcess.ts")];
  const started = await startInBackground(
    PROCESS,
    process.execPath,
    [...command, registryDir, HOST, String(PORT), identity],
    { cwd: projectDir },
  );
  for (let tenths = 0; tenths < 200; tenths++) {
    if ((await identify(address)) === identity) return { address };
    if (!(await started.alive())) break;
    await sleep(100);
  }
  const log = await readFile(started.log, "utf8");
  throw new LabError(
    log.includes("EADDRINUSE")
      ? portTaken(address, "stranger")
      : `The image registry did not come up on ${address}. See ${started.log}:\n${log.trim().slice(-600)}`,
  );
}

/** Ends the registry that the lab started. True when there was one. */
export async function stopRegistry(): Promise<boolean> {
  return stopInBackground(PROCESS, 5);
}

/** Who listens there: the identity of a registry of ours, `stranger`, or undefined for nobody. */
async function identify(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(5_000) });
    return response.headers.get(IDENTITY_HEADER) ?? "stranger";
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    // Something that accepts connections but speaks no HTTP holds the port as well.
    return cause?.code === "ECONNREFUSED" ? undefined : "stranger";
  }
}

/** @param found an identity, or `stranger` */
export function portTaken(address: string, found: string): string {
  const port = address.split(":").at(-1);
  const who = found === "stranger" ? "Another program" : "A registry of another Olympus Fleet cache or user";
  return (
    `${who} listens on ${address}, where the lab's image registry belongs. ` +
    `Stop it (find it with: ss -ltnp sport = :${port}), or choose a port: export OLYMPUS_FLEET_REGISTRY_PORT=5056`
  );
}
