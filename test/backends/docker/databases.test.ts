import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { databases, databasesScript } from "../../../backends/docker/databases.ts";

describe("what a host prints", () => {
  test("is read: room of its own, the host's room, and complaints", () => {
    const found = databases(
      [
        "asked=1",
        "space=host 65024 264212084 60927100 16777216 15827912 /var/lib/docker",
        "space=acme-postgres 65024 264212084 60927100 16777216 15827912 /var/lib/postgresql/18/docker",
        "space=bigcorp-postgres 1792 186299 45 51200 50183 /var/lib/postgresql/18/docker",
        "space=quota-postgres 65024 1048576 524288 0 0 /data",
        "used=acme-postgres 49152\t/var/lib/postgresql/18/docker",
        "used=bigcorp-postgres 186000\t/var/lib/postgresql/18/docker",
        "used=quota-postgres ",
        "written=acme-postgres",
        'complaint=bigcorp-postgres ERROR:  could not extend file "base/5/16396": No space left on device',
        "complaint=bigcorp-postgres HINT:  Check free disk space.",
        "complaint=quota-postgres psql: error: connection to server failed: FATAL:  the database system is starting up",
        "complaint=strange-postgres sh: psql: not found",
        "kept=sleepy-keeper 51200\t/kept",
        "kept=strange-keeper ",
        "end=1",
      ].join("\n"),
    );
    expect(found).toEqual({
      isWhole: true,
      space: {
        folder: "/var/lib/docker",
        totalMiB: 258019,
        freeMiB: 59499,
        inodes: { total: 16777216, free: 15827912 },
      },
      databases: [
        { container: "acme-postgres", space: undefined, usedMiB: 48, complaint: undefined },
        {
          container: "bigcorp-postgres",
          space: {
            folder: "/var/lib/postgresql/18/docker",
            totalMiB: 181,
            freeMiB: 0,
            inodes: { total: 51200, free: 50183 },
          },
          usedMiB: 181,
          complaint: 'could not extend file "base/5/16396": No space left on device',
        },
        {
          container: "quota-postgres",
          space: { folder: "/data", totalMiB: 1024, freeMiB: 512, inodes: undefined },
          usedMiB: undefined,
          complaint: "the database system is starting up",
        },
        {
          container: "strange-postgres",
          space: undefined,
          usedMiB: undefined,
          complaint: "sh: psql: not found",
        },
      ],
      kept: [{ container: "sleepy-keeper", usedMiB: 50 }],
    });
  });

  test("may be cut off, or nothing where nobody can ask", () => {
    expect(databases("asked=1\nwritten=acme-postgres\n")).toEqual({
      isWhole: false,
      space: undefined,
      databases: [{ container: "acme-postgres", space: undefined, usedMiB: undefined, complaint: undefined }],
      kept: [],
    });
    expect(databases("")).toBeUndefined();
  });
});

describe("the script", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-databases-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const names = Array.from({ length: 9 }, (_, index) => `t${index}-postgres`);

  /** An engine whose containers are this machine, with a `psql` that fails for one of them. */
  const program = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const complaints = new Map([
    ["t4-postgres", "no"],
    ["t6-postgres", "it does not stay up, and the engine starts it again and again"],
  ]);
  test.each(["docker", "podman"] as const)("asks every database of a %s host once", (engine) => {
    program(
      engine,
      `[ ${engine} = docker ] || shift 2
case $1 in
ps) case "$*" in *service=keeper*) echo sleepy-keeper ;; *) printf '%s\\n' ${names.join(" ")} ;; esac ;;
info) echo ${folder}/not/there ;;
inspect) case $4 in t6*) echo restarting ;; t7*) echo paused ;; esac ;;
exec) case $2 in t6* | t7*) echo "it is not running" >&2; exit 1 ;; esac
  name=$2; shift 2; PGDATA=${folder} NAME=$name PATH=${folder}:$PATH exec "$@" ;;
esac`,
    );
    // Of a folder whose files go while they are counted, du has told all that was there.
    program(
      "du",
      'printf "3500\\t%s\\n" "$2"; case $NAME in t3*) echo "du: cannot access" >&2; exit 1 ;; esac',
    );
    program("psql", 'case $NAME in t4*) echo "ERROR:  no" >&2; exit 1;; esac');
    const { stdout, status } = spawnSync("sh", ["-s"], {
      input: databasesScript(engine),
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    });
    expect(status).toBe(0);
    expect(stdout.match(/^(written|complaint)=/gm)).toHaveLength(names.length - 1);
    const found = databases(stdout);
    expect(found).toMatchObject({
      isWhole: true,
      space: { folder },
      kept: [{ container: "sleepy-keeper", usedMiB: 3 }],
    });
    expect(found?.databases).toEqual(
      // One that is paused is told of by others.
      names
        .filter((container) => container !== "t7-postgres")
        .map((container) => ({
          container,
          space: undefined,
          usedMiB: container === "t6-postgres" ? undefined : 3,
          complaint: complaints.get(container),
        })),
    );
  });
});
