/**
 * A Pulumi engine on this machine: the official one when it is installed, else one compiled from what package
 * registries serve.
 */
import { constants } from "node:fs";
import { access, copyFile, link, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, delimiter, join, relative } from "node:path";
import { execa } from "execa";
import { cached, contentKey } from "../cached.ts";
import { cacheDir } from "../paths.ts";
import {
  buildCli,
  buildLanguageHost,
  buildPlugins,
  type ProviderVersions,
  providers,
  providerVersions,
} from "./artefacts.ts";

export interface Toolchain {
  /** Absolute path of the CLI. */
  readonly pulumi: string;
  /** PULUMI_HOME: where the plugins are. */
  readonly home: string;
  /** To be added to the environment of everything that runs `pulumi`, the Automation API included. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it was compiled here. */
  readonly built: boolean;
}

/** Finds an official `pulumi`, or builds one: about 7 minutes the first time on two cores, then at once. */
export async function ensurePulumi(): Promise<Toolchain> {
  const official = await findOfficial(process.env.PATH ?? "");
  return official ? officialToolchain(official, process.env) : await build();
}

const quiet = { PULUMI_SKIP_UPDATE_CHECK: "true" };

export function officialToolchain(pulumi: string, environment: NodeJS.ProcessEnv): Toolchain {
  const home = environment.PULUMI_HOME || join(homedir(), ".pulumi");
  return { pulumi, home, env: quiet, built: false };
}

export function builtToolchain(home: string, path: string): Toolchain {
  const bin = join(home, "bin");
  const env = {
    ...quiet,
    PULUMI_HOME: home,
    PATH: [bin, path].filter(Boolean).join(delimiter),
    // What is not here cannot be had: fail at once and say so, rather than try to download.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  return { pulumi: join(bin, "pulumi"), home, env, built: true };
}

/** The folders of PATH that may hold an official `pulumi`: a run inside a built toolchain's PATH is no proof. */
export function foreignFolders(path: string, ours: string): string[] {
  const inside = (folder: string) => !relative(ours, folder).startsWith("..");
  return path.split(delimiter).filter((folder) => folder && !inside(folder));
}

/** The first official `pulumi` of a PATH that answers. */
export async function findOfficial(path: string): Promise<string | undefined> {
  for (const folder of foreignFolders(path, cacheDir)) {
    const candidate = join(folder, "pulumi");
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    // npm's package of that name is a downloader: it is on PATH, and does not answer without its download.
    if (executable && !(await execa(candidate, ["version"], { env: quiet, reject: false })).failed) {
      return candidate;
    }
  }
  return undefined;
}

async function build(): Promise<Toolchain> {
  const versions = await providerVersions();
  const cli = await buildCli();
  const host = await buildLanguageHost();
  const plugins = await buildPlugins(versions);
  const key = await contentKey([], ...[cli, host, plugins].map((folder) => basename(folder)));
  const home = await cached("pulumi-home", key, async (folder) => {
    for (const [from, to] of homeFiles({ cli, host, plugins }, versions)) await place(from, join(folder, to));
  });
  return builtToolchain(home, process.env.PATH ?? "");
}

/**
 * What goes where in PULUMI_HOME. The language host lies beside the CLI, where the engine looks first and
 * without a warning about plugins on PATH.
 */
export function homeFiles(
  built: { readonly cli: string; readonly host: string; readonly plugins: string },
  versions: ProviderVersions,
): [string, string][] {
  return [
    [join(built.cli, "pulumi"), "bin/pulumi"],
    [join(built.host, "pulumi-language-nodejs"), "bin/pulumi-language-nodejs"],
    ...providers.map((name): [string, string] => [
      join(built.plugins, `pulumi-resource-${name}`),
      `plugins/resource-${name}-v${versions[name]}/pulumi-resource-${name}`,
    ]),
  ];
}

/** The engine does not follow symbolic links to plugins; hard links cost no disk, where they can be had. */
async function place(from: string, to: string): Promise<void> {
  await mkdir(join(to, ".."), { recursive: true });
  await link(from, to).catch(() => copyFile(from, to));
}
