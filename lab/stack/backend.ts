import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ensurePassphrase } from "./passphrase.ts";

/** Where Pulumi would keep state if we said nothing; undefined when the user has not chosen. */
export function chosenBackend(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.PULUMI_BACKEND_URL) return env.PULUMI_BACKEND_URL;
  if (env.PULUMI_ACCESS_TOKEN) return "Pulumi Cloud";
  const folder = env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || join(homedir(), ".pulumi");
  const credentials = join(folder, "credentials.json");
  if (!existsSync(credentials)) return undefined;
  const { current } = JSON.parse(readFileSync(credentials, "utf8")) as { current?: string };
  return current || undefined;
}

/**
 * Environment for a backend of files below `folder`, with secrets encrypted by a passphrase kept beside it.
 *
 * Without files of metadata beside the state, which nobody reads: they are not written as a whole, and a run that was killed
 * in that moment left an empty one, for which Pulumi then found no state (`failed to load checkpoint: EOF`).
 */
export async function fileBackend(folder: string): Promise<Record<string, string>> {
  const state = join(folder, "state");
  await mkdir(state, { recursive: true, mode: 0o700 });
  return {
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: await ensurePassphrase(folder),
  };
}
