import { beforeEach, describe, expect, test } from "vitest";
import { everything, type LonePostgres } from "./lonePostgres.ts";

/** How a volume is damaged, as shell with `$PGDATA`, and the two lines that Postgres's log ends with. */
interface Damage {
  readonly what: string;
  readonly damage: string;
  readonly mend: string;
  readonly says: (folder: string) => readonly [string, string];
}

const head = "Postgres does not start, and nothing on its volume was changed:";
const wholeAgain =
  "A restore that was cut short leaves this. Restore it again, whole. For a new and empty database, empty the volume first.";
const notWhole = (file: string) => (folder: string) =>
  [`${head} ${folder} holds files, but no whole database: ${file} is missing or empty.`, wholeAgain] as const;

const damages: readonly Damage[] = [
  {
    what: "without PG_VERSION",
    damage: 'mv "$PGDATA/PG_VERSION" "$PGDATA/PG_VERSION.away"',
    mend: 'mv "$PGDATA/PG_VERSION.away" "$PGDATA/PG_VERSION"',
    says: notWhole("PG_VERSION"),
  },
  {
    what: "with an empty PG_VERSION",
    damage: 'cp -p "$PGDATA/PG_VERSION" "$PGDATA/PG_VERSION.away"; : > "$PGDATA/PG_VERSION"',
    mend: 'mv "$PGDATA/PG_VERSION.away" "$PGDATA/PG_VERSION"',
    says: notWhole("PG_VERSION"),
  },
  {
    what: "from a tar that was cut short",
    damage:
      'tar -cf whole.tar -C "$PGDATA" PG_VERSION base global pg_wal . && size=$(tar -cf - -C "$PGDATA" PG_VERSION base | wc -c); ' +
      'rm -rf "$PGDATA"/*; head -c "$size" whole.tar | tar -xf - -C "$PGDATA" || true',
    mend: 'tar -xf whole.tar -C "$PGDATA"; rm whole.tar',
    says: notWhole("global/pg_control"),
  },
  {
    what: "of another major version",
    damage: 'cp -p "$PGDATA/PG_VERSION" "$PGDATA/PG_VERSION.away"; echo 15 > "$PGDATA/PG_VERSION"',
    mend: 'mv "$PGDATA/PG_VERSION.away" "$PGDATA/PG_VERSION"',
    says: () => [
      `${head} its database is of Postgres 15, and this image is Postgres MAJOR, which cannot read it.`,
      "Name a release of Postgres 15; data moves to another major version by dump and restore.",
    ],
  },
  {
    what: "made under another C library",
    damage: 'mv "$PGDATA/olympus-c-library" "$PGDATA/away"; echo musl > "$PGDATA/olympus-c-library"',
    mend: 'mv "$PGDATA/away" "$PGDATA/olympus-c-library"',
    says: () => [
      `${head} its database was made under the C library musl, and this image has glibc VERSION, which sorts text otherwise: indexes would miss what is there.`,
      "Put back the image of before (release or images in tenants.yaml); data moves to another C library by dump and restore.",
    ],
  },
  {
    what: "restored beside its place",
    damage: 'mv "$PGDATA" "$(dirname "$PGDATA")/restored"',
    mend: 'mv "$(dirname "$PGDATA")/restored" "$PGDATA"',
    says: (folder) => [
      `${head} it holds a database of Postgres MAJOR in ${folder.replace(/[^/]+$/, "restored")}, and this image is Postgres MAJOR, which looks in ${folder}.`,
      `Name a release of that major version; data moves to another one by dump and restore. If it was restored here by hand, its place is ${folder}.`,
    ],
  },
  {
    what: "with files that are no database",
    damage: 'tar -czf acme.dump -C "$PGDATA" .; rm -rf "$PGDATA"',
    mend: 'mkdir "$PGDATA"; tar -xzf acme.dump -C "$PGDATA"; rm acme.dump',
    says: (folder) => [
      `${head} ${folder} holds no database, and the volume is not empty: VOLUME/acme.dump.`,
      `What a restore has put there belongs into ${folder}. For a new and empty database, empty the volume first.`,
    ],
  },
  {
    what: "restored as root",
    damage: 'chown -R 0:0 "$PGDATA"',
    mend: 'chown -R 999:999 "$PGDATA"',
    says: (folder) => [
      `${head} ${folder} belongs to user 0, and Postgres runs as 999.`,
      "After a restore as root: chown -R 999:999 what was restored, then start it again.",
    ],
  },
];

/** @param stage of the version that `plan` has chosen */
export function volumeCases(stage: () => LonePostgres, plan: () => void): void {
  describe("a volume that holds no database of ours is left as it is, and told:", () => {
    beforeEach(plan);

    test.each(damages)("$what", async ({ damage, mend, says }) => {
      const { workload } = stage();
      const folder = String(workload.env.PGDATA);
      await stage().create();
      await stage().start();
      expect(await stage().owners()).toBe(everything);
      await stage().query("CREATE DATABASE mine OWNER kratos");
      await stage().stop();
      await stage().onVolume(damage);
      const before = await stage().onVolume(listing);

      // Twice: the second start finds what the first one has left.
      for (let start = 0; start < 2; start++) {
        await stage().start();
        expect(await stage().ended()).toBe(1);
        expect(await stage().onVolume(listing)).toBe(before);
      }
      const major = /major=(\d+)/.exec(workload.entrypoint?.join(" ") ?? "")?.[1] ?? "";
      const told = (await stage().logs(2)).replace(/glibc \d+\.\d+/, "glibc VERSION");
      expect(told).toBe(
        says(folder)
          .join("\n")
          .replaceAll("MAJOR", major)
          .replaceAll("VOLUME", workload.dataPath ?? ""),
      );

      await stage().onVolume(mend);
      await stage().start();
      expect(await stage().owners()).toContain("mine of kratos");
    });
  });
}

/** Every file with its size and owner, but for the folder that `docker run` works in. */
const listing = "find . -exec stat -c '%n %s %u' {} + | sort";
