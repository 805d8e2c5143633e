import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A file with a passphrase for Pulumi's secrets, made once per folder and readable by its owner alone. Pulumi
 * is told of the file, so the passphrase itself is in no environment and on no command line.
 */
export async function ensurePassphrase(folder: string): Promise<string> {
  const file = join(folder, "passphrase");
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  }
  return file;
}
