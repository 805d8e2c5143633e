import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { livingPid, markOf } from "../docker/processes.ts";
import { LabError } from "../progress.ts";

/**
 * One link per site, named by its number and pointing at its folder. A link is made or fails as a whole, so two
 * runs never take the same number; a reboot of the machine forgets them, as it does namespaces.
 */
const CLAIMS = "/run/olympus-fleet/sites";
/** Not /tmp, which may be memory: engines keep images there. */
const FOLDERS = process.env.TMPDIR || "/var/tmp";
const PREFIX = "olympus-site-";
const OWNER = "owner";

/** What a site is on this machine. Everything it is made of is named by its number or lies in its folder. */
export interface Claim {
  /** 1-254, the third part of the site's addresses. */
  readonly number: number;
  /** For root alone. */
  readonly folder: string;
}

/** Takes a number that no site has, with a folder of its own. */
export async function claimSite(): Promise<Claim> {
  await mkdir(CLAIMS, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(FOLDERS, PREFIX));
  await writeFile(join(folder, OWNER), await markOf(process.pid));
  await mkdir(join(folder, "processes"));
  for (let number = 1; number < 255; number++) {
    try {
      await symlink(folder, join(CLAIMS, String(number)));
      return { number, folder };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  await rm(folder, { recursive: true });
  throw new LabError(
    "254 sites of lab hosts exist already. Remove those of dead runs: npx tsx lab/hosts/tidy.ts",
  );
}

/** Gives the number back, and the folder with all that is in it. */
export async function releaseClaim({ number, folder }: Claim): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rm(join(CLAIMS, String(number)), { force: true });
}

/** Sites whose owner is gone without having closed them. */
export async function abandonedSites(): Promise<Claim[]> {
  const claims = await claimedSites();
  const owners = await Promise.all(claims.map(({ folder }) => markedPid(join(folder, OWNER))));
  return claims.filter((_, index) => owners[index] === undefined);
}

/** Makes this process the one that removes an abandoned site. False while another one does. */
export async function takeOver({ folder }: Claim): Promise<boolean> {
  const file = join(folder, "remover");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (existsSync(file) && (await markedPid(file)) === undefined) await rm(file, { force: true });
  try {
    await writeFile(file, await markOf(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes folders that no number leads to, as after a reboot of the machine. */
export async function removeForgottenFolders(): Promise<void> {
  const known = new Set((await claimedSites()).map(({ folder }) => folder));
  for (const name of await readdir(FOLDERS)) {
    const folder = join(FOLDERS, name);
    if (!name.startsWith(PREFIX) || known.has(folder)) continue;
    // Anyone who has just made it is about to take a number.
    const { mtimeMs } = await stat(folder);
    const isNew = Date.now() - mtimeMs < 60_000;
    if (!isNew && (await markedPid(join(folder, OWNER))) === undefined) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Every site of this machine, no matter whose. */
export async function claimedSites(): Promise<Claim[]> {
  const names = await readdir(CLAIMS).catch(() => [] as string[]);
  const claims = names.map(async (name) => ({
    number: Number(name),
    // Empty where another run has just removed it.
    folder: await readlink(join(CLAIMS, name)).catch(() => ""),
  }));
  return (await Promise.all(claims)).filter(({ folder }) => folder !== "");
}

/** Remembers a process as the site's, so that the run that removes the site ends it. */
export async function recordProcess({ folder }: Claim, name: string, pid: number): Promise<void> {
  await writeFile(join(folder, "processes", name), await markOf(pid));
}

/** Processes of the site that still run, by name. */
export async function recordedProcesses({ folder }: Claim): Promise<Map<string, number>> {
  const running = new Map<string, number>();
  for (const name of await readdir(join(folder, "processes")).catch(() => [] as string[])) {
    const pid = await markedPid(join(folder, "processes", name));
    if (pid !== undefined) running.set(name, pid);
  }
  return running;
}

/** The pid in a file, if that very process still runs. */
async function markedPid(file: string): Promise<number | undefined> {
  return livingPid(await readFile(file, "utf8").catch(() => ""));
}
