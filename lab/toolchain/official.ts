/** Pulumi's own releases: a CLI on PATH or from its download site, and the plugins that the CLI fetches. */
import { constants } from "node:fs";
import { access, mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { execa } from "execa";
import { cached, inCache } from "../cached.ts";
import { lastLines } from "../go/build.ts";
import { run } from "../images/tools.ts";
import { cacheDir } from "../paths.ts";
import { step } from "../progress.ts";
import { type ProviderName, type ProviderVersions, providers } from "./artefacts.ts";
import { fetchFile, fetchText, type Patience, Unavailable } from "./download.ts";

/** Where releases of the CLI lie, and how long to wait for them. */
export interface Site extends Patience {
  readonly url: string;
}
export const downloadSite: Site = {
  url: "https://get.pulumi.com/releases/sdk",
  answer: 4,
  pause: 15,
  whole: 300,
};

/** A CLI with the folder where it keeps plugins and credentials. */
export interface OfficialCli {
  /** Absolute path of the executable. */
  readonly pulumi: string;
  /** PULUMI_HOME. */
  readonly home: string;
  /** What has to be in the environment for it. */
  readonly env: Readonly<Record<string, string>>;
}

export const quiet = { PULUMI_SKIP_UPDATE_CHECK: "true" };

/** The first official `pulumi` of a PATH that answers, with its user's own home. */
export async function cliOnPath(environment: NodeJS.ProcessEnv): Promise<OfficialCli | undefined> {
  for (const folder of foreignFolders(environment.PATH ?? "", cacheDir)) {
    const pulumi = join(folder, "pulumi");
    // npm's package of that name is a downloader: it is on PATH, and does not answer without its download.
    if ((await exists(pulumi, constants.X_OK)) && (await versionOf(pulumi))) {
      return { pulumi, home: environment.PULUMI_HOME || join(homedir(), ".pulumi"), env: quiet };
    }
  }
  return undefined;
}

/** The folders of PATH that may hold an official `pulumi`: a run inside a lab toolchain's PATH is no proof. */
export function foreignFolders(path: string, ours: string): string[] {
  const inside = (folder: string) => !relative(ours, folder).startsWith("..");
  return path.split(delimiter).filter((folder) => folder && !inside(folder));
}

/** What it answers, such as `v3.259.0`; undefined when it fails, or says nothing for two minutes. */
async function versionOf(pulumi: string, env: OfficialCli["env"] = quiet): Promise<string | undefined> {
  const answer = await execa(pulumi, ["version"], { env, reject: false, timeout: 120_000 });
  return answer.failed ? undefined : answer.stdout.trim();
}

const CACHE_NAME = "pulumi-official";
/** The same names for systems and processors as Node's. */
const cacheKey = (version: string) => `${version}-${process.platform}-${process.arch}`;

/** The CLI that an earlier run has fetched. */
export function fetchedCli(version: string): OfficialCli | undefined {
  const folder = inCache(CACHE_NAME, cacheKey(version));
  return folder ? inFolder(folder) : undefined;
}

/**
 * Fetches a release of the CLI, with its language hosts, into the lab's cache. It is taken only when it is the archive
 * that the release's list of checksums names, and answers with its version; half a download leaves nothing.
 *
 * Neither the Automation API's `PulumiCommand.install` nor the npm package `pulumi` does that. Both run whatever script
 * the site gives them, in a shell. The script checks no sum, needs curl, and waits for as long as curl does; both take
 * an executable that is there for a whole one. (Read in @pulumi/pulumi 3.248.0, automation/cmd.js, and in pulumi
 * 3.265.0, lib/download.js and lib/resolve.js.) The archive's name and the list's are those of Pulumi's page of versions.
 *
 * @param version without the v: `3.259.0`
 * @throws Unavailable with the reason, a few seconds after the call when the site cannot be reached
 */
export async function fetchCli(version: string, site: Site = downloadSite): Promise<OfficialCli> {
  const archive = `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
  const url = `${site.url}/${archive}`;
  const expected = sumOf(archive, await fetchText(`${site.url}/pulumi-${version}-checksums.txt`, site));
  if (!expected) throw new Unavailable(`${site.url} lists no ${archive}`);
  const folder = await cached(CACHE_NAME, cacheKey(version), (folder) =>
    step(`fetching the official Pulumi CLI ${version}`, 30, async () => {
      const file = join(folder, archive);
      const sum = await fetchFile(url, file, site);
      if (sum !== expected) throw new Unavailable(`${url} is not what its checksum says`);
      const bin = join(folder, "bin");
      await mkdir(bin);
      await run("tar", ["-xzf", file, "--strip-components=1", "-C", bin]);
      await rm(file);
      const { pulumi, env } = inFolder(folder);
      const answer = await versionOf(pulumi, env);
      if (answer !== `v${version}`) throw new Unavailable(`${url} answers with ${answer ?? "an error"}`);
    }),
  );
  return inFolder(folder);
}

function inFolder(home: string): OfficialCli {
  const bin = join(home, "bin");
  const path = [bin, process.env.PATH].filter(Boolean).join(delimiter);
  return { pulumi: join(bin, "pulumi"), home, env: { ...quiet, PULUMI_HOME: home, PATH: path } };
}

/** The sum of a file in a list as `sha256sum` writes it. */
function sumOf(file: string, list: string): string | undefined {
  const lines = list.split("\n").map((line) => line.trim().split(/\s+\*?/));
  return lines.find(([sum, name]) => name === file && /^[0-9a-f]{64}$/.test(sum ?? ""))?.[0];
}

/** The engine's folder for a provider's plugin, below PULUMI_HOME. */
export const pluginFolder = (name: string, version: string) => `plugins/resource-${name}-v${version}`;

/** The providers whose plugin of that version is not in PULUMI_HOME. */
export async function missingPlugins(home: string, versions: ProviderVersions): Promise<ProviderName[]> {
  const whole = await Promise.all(
    providers.map((name) => isWhole(join(home, pluginFolder(name, versions[name])))),
  );
  return providers.filter((_, index) => !whole[index]);
}

/** The engine marks a plugin that it is still unpacking. */
async function isWhole(folder: string): Promise<boolean> {
  return (await exists(folder)) && !(await exists(`${folder}.partial`));
}

const exists = (path: string, mode = constants.F_OK) =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/**
 * Has the CLI fetch plugins, as it would do in the middle of `pulumi up`, so that a network which lets the CLI in and no
 * plugin is seen before.
 *
 * @param seconds for all together
 * @throws Unavailable with the end of what the CLI said
 */
export async function fetchPlugins(
  cli: OfficialCli,
  names: readonly ProviderName[],
  versions: ProviderVersions,
  seconds = 120,
): Promise<OfficialCli> {
  const install = async (name: ProviderName) => {
    const args = ["plugin", "install", "resource", name, versions[name], "--exact", "--non-interactive"];
    const { failed, timedOut, stderr } = await execa(cli.pulumi, args, {
      env: cli.env,
      reject: false,
      timeout: seconds * 1000,
    });
    if (timedOut) throw new Unavailable(`${name} was not here after ${seconds} s`);
    if (failed) throw new Unavailable(lastLines(stderr, 1));
  };
  return step(`fetching the official plugins ${names.join(", ")}`, 20, async () => {
    // All have ended before one's fault counts: none goes on beside the compiler.
    const ended = await Promise.allSettled(names.map(install));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
    return cli;
  });
}
