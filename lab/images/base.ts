import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { copy, folder, link, text } from "./entries.ts";
import { type Layer, layer } from "./layers.ts";
import type { Entry } from "./tar.ts";
import { run } from "./tools.ts";

/** Ids as in the official images' users, so that a tenant's settings fit both. */
export const POSTGRES_ID = 999;
/** "nonroot" of the common minimal images; the tenant model runs everything but Postgres and Caddy as it. */
export const NONROOT_ID = 65532;

export const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const MULTIARCH = "usr/lib/x86_64-linux-gnu";

/** What Postgres, Node, iptables and flock load at run time. Name resolution is in libc itself since 2.34. */
const LIBRARIES = [
  ...["libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1"],
  ...["libstdc++.so.6", "libgcc_s.so.1"],
];

/** The layer below every image: busybox, the C library, certificates, users. One download for all images. */
export async function baseLayer(debian: string): Promise<Layer> {
  return layer("base", import.meta.filename, [debian], async () => [
    ...(await busybox(debian)),
    ...(await libraries(debian, LIBRARIES)),
    // Programs name their loader by this path.
    await copy("lib64/ld-linux-x86-64.so.2", await find(debian, "ld-linux-x86-64.so.2"), { mode: 0o755 }),
    // Debian's busybox has no flock.
    await copy("usr/bin/flock", join(debian, "usr/bin/flock")),
    text("etc/ssl/certs/ca-certificates.crt", await certificates(debian)),
    text("etc/passwd", USERS),
    text("etc/group", `root:x:0:\npostgres:x:${POSTGRES_ID}:\nnonroot:x:${NONROOT_ID}:\n`),
    text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
    folder("tmp", { mode: 0o1777 }),
    folder("run"),
    link("var/run", "../run"),
    folder("root", { mode: 0o700 }),
    folder("home/nonroot", { uid: NONROOT_ID }),
  ]);
}

const USERS = [
  "root:x:0:0:root:/root:/bin/sh",
  `postgres:x:${POSTGRES_ID}:${POSTGRES_ID}:postgres:/var/lib/postgresql:/bin/sh`,
  `nonroot:x:${NONROOT_ID}:${NONROOT_ID}:nonroot:/home/nonroot:/bin/sh`,
  "",
].join("\n");

/** Shared libraries, found by name because distributions differ in where they keep them. */
export async function libraries(debian: string, names: readonly string[]): Promise<Entry[]> {
  return Promise.all(names.map(async (name) => copy(`${MULTIARCH}/${name}`, await find(debian, name))));
}

async function find(debian: string, name: string): Promise<string> {
  for (const place of [MULTIARCH, "lib/x86_64-linux-gnu", "usr/bin", "bin"]) {
    const entries: string[] = await readdir(join(debian, place)).catch(() => []);
    if (entries.includes(name)) return join(debian, place, name);
  }
  throw new Error(`the distribution's packages hold no ${name}`);
}

/** The one binary and a link for each of its commands. */
async function busybox(debian: string): Promise<Entry[]> {
  const source = await find(debian, "busybox");
  const commands = (await run(source, ["--list-full"])).split("\n");
  const links = commands.filter((command) => command !== "bin/busybox" && command.includes("/"));
  return [await copy("bin/busybox", source), ...links.map((command) => link(command, "/bin/busybox"))];
}

/** The distribution's authorities in one file, which its package only makes at installation. */
async function certificates(debian: string): Promise<string> {
  const source = join(debian, "usr/share/ca-certificates/mozilla");
  const files = (await readdir(source)).sort();
  const texts = files.map(
    async (file) => `# ${basename(file, ".crt")}\n${await readFile(join(source, file), "utf8")}`,
  );
  return (await Promise.all(texts)).join("");
}
