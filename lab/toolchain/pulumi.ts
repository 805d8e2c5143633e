/**
 * A Pulumi engine on this machine: the official one where it is installed or can be had, else one compiled from what
 * package registries serve.
 */
import { existsSync } from "node:fs";
import { copyFile, link, mkdir } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { cached, contentKey } from "../cached.ts";
import { requireGo } from "../go/build.ts";
import { diskFault } from "../images/faults.ts";
import { freeMiB } from "../images/tools.ts";
import { LabError, say } from "../progress.ts";
import {
  buildCli,
  buildLanguageHost,
  buildPlugins,
  builtCli,
  builtPlugins,
  cliVersion,
  goModule,
  type ProviderVersions,
  providers,
  providerVersions,
} from "./artefacts.ts";
import { Unavailable } from "./download.ts";
import {
  cliOnPath,
  downloadSite,
  fetchCli,
  fetchedCli,
  fetchPlugins,
  missingPlugins,
  type OfficialCli,
  pluginFolder,
  quiet,
  type Site,
} from "./official.ts";

export interface Toolchain {
  /** Absolute path of the CLI. */
  readonly pulumi: string;
  /** PULUMI_HOME: where the plugins are. */
  readonly home: string;
  /** To be added to the environment of everything that runs `pulumi`, the Automation API included. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds an official `pulumi`, fetches one, or builds one: half a minute with a connection, about 4 minutes without on
 * two cores; afterwards at once. What has been built stays in use until its sources change, so that a network without
 * a way out is tried once.
 *
 * @param site for tests
 */
export async function ensurePulumi(site: Site = downloadSite): Promise<Toolchain> {
  try {
    const versions = await providerVersions();
    const official = (await cliOnPath(process.env)) ?? (await cliFrom(site));
    return official ? await withPlugins(official, versions) : await build(versions);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new LabError(diskFault("The Pulumi engine does not fit on the disk", await freeMiB()));
  }
}

/** The CLI of the lab's cache or of the site; undefined when it is to be compiled, or was. */
async function cliFrom(site: Site): Promise<OfficialCli | undefined> {
  // The version that is compiled otherwise: tests and workflows run with it.
  const version = (await cliVersion()).slice(1);
  const fetched = fetchedCli(version);
  if (fetched || (await builtCli())) return fetched;
  return orCompiled("The official Pulumi CLI", () => fetchCli(version, site));
}

/** An official CLI with the official plugins or, where these cannot be had, with compiled ones in another home. */
async function withPlugins(official: OfficialCli, versions: ProviderVersions): Promise<Toolchain> {
  const missing = await missingPlugins(official.home, versions);
  if (missing.length === 0) return official;
  const complete = (await builtPlugins(versions))
    ? undefined
    : await orCompiled("The official plugins", () => fetchPlugins(official, missing, versions));
  if (complete) return complete;
  const plugins = await buildPlugins(versions);
  const home = await cached("pulumi-home", await contentKey([], basename(plugins)), (folder) =>
    placeAll(pluginFiles(plugins, versions), folder),
  );
  return mixedToolchain(official, home);
}

/** The user's own home stays as it is, but for whom they have signed in as: that is read there. */
export function mixedToolchain({ pulumi, home: own, env }: OfficialCli, home: string): Toolchain {
  const signedIn = existsSync(join(own, "credentials.json")) ? { PULUMI_CREDENTIALS_PATH: own } : {};
  return { pulumi, home, env: { ...signedIn, ...env, PULUMI_HOME: home, ...nothingToFetch } };
}

/** What `get` returns, or undefined after a line that says why it cannot be had. */
async function orCompiled<T>(what: string, get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`${what} cannot be had, so the lab compiles its own (${error.message})`);
    return undefined;
  }
}
/** What is not here cannot be had: fail at once and say so, rather than try to download. */
const nothingToFetch = { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };

export function builtToolchain(home: string, path: string): Toolchain {
  const bin = join(home, "bin");
  const env = {
    ...quiet,
    PULUMI_HOME: home,
    PATH: [bin, path].filter(Boolean).join(delimiter),
    ...nothingToFetch,
  };
  return { pulumi: join(bin, "pulumi"), home, env };
}

async function build(versions: ProviderVersions): Promise<Toolchain> {
  // Before anything is made beside something else.
  if (!(await builtCli())) await requireGo(goModule);
  const [cli, host, plugins] = await Promise.all([buildCli(), buildLanguageHost(), buildPlugins(versions)]);
  const key = await contentKey([], ...[cli, host, plugins].map((folder) => basename(folder)));
  const home = await cached("pulumi-home", key, (folder) =>
    placeAll([...cliFiles(cli, host), ...pluginFiles(plugins, versions)], folder),
  );
  return builtToolchain(home, process.env.PATH ?? "");
}

/** An executable, and where it goes in PULUMI_HOME. */
type Placed = readonly [from: string, to: string];

/** The language host lies beside the CLI, where the engine looks first and without a warning about plugins on PATH. */
export const cliFiles = (cli: string, host: string): Placed[] => [
  [join(cli, "pulumi"), "bin/pulumi"],
  [join(host, "pulumi-language-nodejs"), "bin/pulumi-language-nodejs"],
];

export const pluginFiles = (plugins: string, versions: ProviderVersions): Placed[] =>
  providers.map((name) => {
    const file = `pulumi-resource-${name}`;
    return [join(plugins, file), join(pluginFolder(name, versions[name]), file)];
  });

/** The engine does not follow symbolic links to plugins; hard links cost no disk, where they can be had. */
async function placeAll(files: readonly Placed[], folder: string): Promise<void> {
  for (const [from, to] of files) {
    await mkdir(join(folder, to, ".."), { recursive: true });
    await link(from, join(folder, to)).catch(() => copyFile(from, join(folder, to)));
  }
}
