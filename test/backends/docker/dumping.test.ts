import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { GateBox, kratos, migrate, wayBack } from "./gateBox.ts";

/**
 * A gate that dumps before it migrates. The engine is a shell script, and so are the programs in Postgres's container; what runs
 * there is the real script. On a real Postgres: test/engine/failures.test.ts.
 */

const boxes: GateBox[] = [];
let box: GateBox;

/** Its Kratos is of one image, the migration of another; both are in files that a test may change. */
const engine = `case $1 in
exec) shift 2; exec "$@" ;;
wait) echo 0 ;;
network) echo n1 ;;
inspect) case $3 in
  *Config.Image*) cat FOLDER/image-$4 2>/dev/null || exit 1 ;;
  *Status*) echo "running 0" ;;
  *) echo "acme-internal=n1 acme-egress=n1 " ;;
  esac ;;
esac`;

const put = (name: string, text: string) => writeFileSync(join(box.folder, name), text);
const dumps = () => readdirSync(join(box.folder, "dumps")).sort();
const gate = (keep = 3) =>
  box.gate({
    await: [{ ...kratos, health: ["true"] }],
    dump: {
      container: "acme-postgres",
      folder: join(box.folder, "dumps"),
      databases: ["kratos", "olympus"],
      keep,
      before: [[migrate.name, kratos.name]],
    },
  });
/** What the engine was told to do about the migration, and what was dumped. */
const done = (log: string) =>
  log.split("\n").flatMap((line) => /^(start|pg_dump) .*?(\S+)$/.exec(line)?.slice(1, 3).join(" ") ?? []);

beforeEach(() => {
  box = new GateBox(engine);
  boxes.push(box);
  put("image-acme-kratos", "registry.test/kratos:1");
  put("image-acme-kratos-migrate", "registry.test/kratos:2");
  put("migrations", "250");
  put("clock", "20261128T201500Z");
  box.program(
    "psql",
    `[ "$3" = postgres ] || exit 9
case "$*" in
*to_regclass*) case $5 in olympus) echo f ;; *) [ -s ${box.folder}/migrations ] && echo t || echo f ;; esac ;;
*schema_migration) cat ${box.folder}/migrations ;;
*pg_database_size*) echo 8192 ;;
esac`,
  );
  box.program(
    "pg_dump",
    `echo "pg_dump $*" >> ${box.folder}/log
[ ! -e ${box.folder}/broken ] || { echo "pg_dump: error: query failed" >&2; exit 1; }
while [ "$1" != -f ]; do shift; done
echo "dump of $3 with $(cat ${box.folder}/migrations)" > "$2"`,
  );
  box.program("date", `case "$*" in *+%Y*) cat ${box.folder}/clock ;; *) exec /bin/date "$@" ;; esac`);
  box.program(
    "df",
    `echo "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "d 99999 1 $(cat ${box.folder}/left 2>/dev/null || echo 99999) 1% /"`,
  );
  box.program("sync", ":");
});
afterAll(() => {
  for (const one of boxes) one.remove();
});

describe("a service that is to become another image", () => {
  test("has all databases dumped before its migration, for its owner alone", async () => {
    const { status, stderr, log } = await gate();
    expect([status, stderr]).toEqual([0, ""]);
    expect(done(log)).toEqual(["pg_dump kratos", "pg_dump olympus", "start acme-kratos-migrate"]);
    expect(dumps()).toEqual(["20261128T201500Z"]);
    const folder = join(box.folder, "dumps", "20261128T201500Z");
    expect(readdirSync(folder).sort()).toEqual(["from", "kratos.dump", "migrations", "olympus.dump", "to"]);
    const text = (file: string) => readFileSync(join(folder, file), "utf8");
    expect([text("from"), text("to"), text("migrations")]).toEqual([
      "acme-kratos registry.test/kratos:1\n",
      "acme-kratos registry.test/kratos:2\n",
      "kratos 250\n",
    ]);
    expect([folder, join(folder, "kratos.dump")].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o600,
    ]);
  });

  test("has it also where a run was killed when the old one was gone", async () => {
    put("image-acme-kratos", "");
    expect(done((await gate()).log)).toContain("pg_dump kratos");
    expect(readFileSync(join(box.folder, "dumps", "20261128T201500Z", "from"), "utf8")).toBe(
      "acme-kratos none\n",
    );
  });

  test("has none while its database is empty, or where its image stays", async () => {
    put("migrations", "");
    expect(done((await gate()).log)).toEqual(["start acme-kratos-migrate"]);
    put("migrations", "250");
    put("image-acme-kratos", "registry.test/kratos:2");
    expect(done((await gate()).log)).toEqual(["start acme-kratos-migrate", "start acme-kratos-migrate"]);
  });

  test("that is tried again has its dump taken again, and keeps that of before something was migrated", async () => {
    await gate();
    put("clock", "20261128T202000Z");
    await gate();
    expect(dumps()).toEqual(["20261128T202000Z"]);
    put("migrations", "251");
    for (const clock of ["20261128T203000Z", "20261128T204000Z", "20261128T205000Z"]) {
      put("clock", clock);
      await gate();
    }
    expect(dumps()).toEqual(["20261128T202000Z", "20261128T205000Z"]);
  });

  test("keeps so many, and of one that was cut short nothing", async () => {
    mkdirSync(join(box.folder, "dumps", "20261128T200000Z.part"), { recursive: true });
    for (const version of [2, 3, 4]) {
      put("image-acme-kratos-migrate", `registry.test/kratos:${version}`);
      put("clock", `2026112${version}T201500Z`);
      await gate(2);
    }
    expect(dumps()).toEqual(["20261123T201500Z", "20261124T201500Z"]);
  });
});

describe("a dump that fails stops the gate before anything is migrated:", () => {
  const words = (why: string) =>
    `acme-postgres: cannot be dumped before a migration, so nothing was migrated, and Kratos and Hydra run as before: ${why}. Mend that, then pulumi up. Its last log lines:`;

  test("by its own fault", async () => {
    put("broken", "");
    const { status, stderr, log } = await gate();
    expect(status).toBe(1);
    expect(stderr).toContain(words("pg_dump: error: query failed"));
    expect(stderr.endsWith(wayBack)).toBe(true);
    expect(log).not.toContain("start ");
    expect(dumps()).toEqual(["20261128T201500Z.part"]);
  });

  test("where the engine says of neither container which image it has: they would look the same", async () => {
    for (const name of ["kratos", "kratos-migrate"]) rmSync(join(box.folder, `image-acme-${name}`));
    const { status, stderr, log } = await gate();
    expect(status).toBe(1);
    expect(stderr).toContain(
      "container acme-kratos-migrate is gone. To make it again: pulumi up --refresh\n",
    );
    expect(log).not.toMatch(/^(start|pg_dump) /m);
  });

  test("for want of room, before anything is written", async () => {
    put("left", "10000");
    const { stderr, log } = await gate();
    expect(stderr).toContain(words("the disk has 9 MiB left, and its databases take 16 MiB"));
    expect(log).not.toMatch(/^(start|pg_dump) /m);
    expect(dumps()).toEqual([]);
  });
});
