import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { LabError, step } from "./progress.ts";

/** Names under which distributions and Google install it. */
const commands = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const remedy =
  "Install it (Debian: sudo apt-get install chromium), or put a chromium or google-chrome command on PATH.";

/** Path of a Chromium on this machine; where there is none and we are root, Debian's is installed. */
export async function ensureChromium(): Promise<string> {
  const found = await findChromium();
  if (found) return found;
  if (process.getuid?.() !== 0) {
    throw new LabError(`The end-to-end tests need a browser, and only root can install one here. ${remedy}`);
  }
  await step("installing Chromium from the distribution", 30, install);
  const installed = await findChromium();
  if (installed) return installed;
  throw new LabError(`The package chromium brought no chromium command. ${remedy}`);
}

async function findChromium(): Promise<string | undefined> {
  for (const command of commands) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, command);
      const runs = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return path;
    }
  }
  return undefined;
}

async function install(): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, reject: false } as const;
  await execa("apt-get", ["update"], options);
  const result = await execa("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"], options);
  if (result.exitCode === 0) return;
  const reason = result.stderr?.trim().split("\n").at(-1) ?? "there is no apt-get here";
  throw new LabError(`Chromium could not be installed: ${reason}\n${remedy}`);
}
