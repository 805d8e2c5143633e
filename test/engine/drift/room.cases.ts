import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { doctor } from "../../../cli/doctor/doctor.ts";
import { status as statusCommand } from "../../../cli/status/status.ts";
import { ran } from "../../cli/ran.ts";
import { doctorDocument } from "../../harness/doctorDocument.ts";
import { drift, status } from "../../harness/fleetCommand.ts";
import { clean, type Hand } from "./hand.ts";

/** A tenant's database that cannot be written: read-only, or on a disk of its own that is full to the last byte. */

const query = (hand: Hand, tenant: string, ...sql: readonly string[]) =>
  hand.docker("exec", `${tenant}-postgres`, "psql", "-qU", "postgres", ...sql.flatMap((one) => ["-c", one]));

async function databasesByDoctor(hand: Hand) {
  const { out } = await ran(doctor, hand.fleet.folder, ["--stack", "test", "--json"]);
  const findings = doctorDocument.parse(JSON.parse(out)).hosts.flatMap((host) => host.findings);
  return findings
    .filter(({ check }) => check === "databases")
    .map(({ level, found }) => `${level}: ${found}`);
}

/** A database that answers, and refuses what a sign-in has to write. */
export function readOnlyCases(handOf: () => Hand): void {
  test("a database that somebody has made read-only is told, and only that", async () => {
    const hand = handOf();
    await query(
      hand,
      "bigcorp",
      "ALTER SYSTEM SET default_transaction_read_only = on",
      "SELECT pg_reload_conf()",
    );
    const words =
      "bigcorp-postgres cannot be written: cannot execute CREATE TABLE AS in a read-only transaction";
    expect(await hand.look()).toEqual({ exitCode: 1, words: { bigcorp: [words] } });
    expect(await databasesByDoctor(hand)).toEqual([`error: ${words}`]);
    await query(
      hand,
      "bigcorp",
      "SET default_transaction_read_only = off",
      "ALTER SYSTEM RESET default_transaction_read_only",
      "SELECT pg_reload_conf()",
    );
    expect(await hand.look()).toEqual(clean);
    expect(await databasesByDoctor(hand)).toEqual(["ok: all 2 can be written"]);
  });
}

/** Begins with acme's container and volume gone; the volume comes back as the documentation says, on a disk of its own. */
export function fullDiskCases(handOf: () => Hand): void {
  let hand: Hand;
  let device: string;
  const inVolume = (script: string) =>
    hand.fleet.tryDocker("exec", "acme-postgres", "sh", "-c", `cd "$PGDATA/.." && ${script}`);

  beforeAll(async () => {
    hand = handOf();
    const image = join(hand.fleet.folder, "acme.img");
    await execa("truncate", ["--size", "300M", image]);
    await execa("mke2fs", ["-q", "-t", "ext4", "-m", "0", "-E", "root_owner=999:999", image]);
    device = (await execa("losetup", ["--find", "--show", image])).stdout;
    await hand.docker(
      ...["volume", "create", "--opt", "type=ext4", "--opt", `device=${device}`],
      ...["managed-by=olympus-fleet", "tenant=acme", "service=postgres"].flatMap((label) => [
        "--label",
        `olympus-fleet.${label}`,
      ]),
      "acme-postgres",
    );
    // Those that go on running know the database of before, in which Hydra then looks for its keys in vain.
    await hand.docker("stop", ...["hera", "athena", "hydra", "kratos"].map((part) => `acme-${part}`));
    await hand.mend();
  });
  // Busy until the volume is unmounted: the kernel then lets go of it by itself.
  afterAll(() => device && execa("losetup", ["--detach", device]));

  const full = 'could not extend file "FILE": No space left on device';
  /** Postgres fails at making a file, at making it longer, or at its list of catalogs; a file's number is another one each time. */
  const numberless = (text: string) =>
    text.replaceAll(
      /could not (?:(?:extend|create) file "base\/\d+\/\w+"(?: with FileFallocate\(\))?|write init file)/g,
      'could not extend file "FILE"',
    );

  test("its disk is filled: drift tells the disk and the database, doctor too", async () => {
    expect((await inVolume("cat /dev/zero > filler")).output).toContain("No space left on device");
    const { exitCode, out } = await drift(hand.fleet);
    expect(exitCode).toBe(1);
    const told = numberless(out.replaceAll(/\s+/g, " ").trim()).replace(/of \d+MiB free/, "of SIZE free");
    expect(told).toBe(
      "Stack test: no longer as the last `pulumi up` has left it acme " +
        "the disk of acme-postgres is nearly full: 0MiB of SIZE free at /var/lib/postgresql/18/docker " +
        "On a full disk nobody can sign in at acme. What takes the room: docker exec acme-postgres sh -c " +
        `'du -xh -d 2 "$PGDATA/.."' | sort -h | tail. ` +
        `acme-postgres cannot be written: ${full} ` +
        "Nobody can sign in at acme until there is room; nothing has to be started again then.",
    );
    expect((await databasesByDoctor(hand)).map(numberless)).toEqual([
      `error: acme-postgres cannot be written: ${full}`,
      expect.stringMatching(
        /^warning: the disk of acme-postgres is nearly full: 0MiB of \d+MiB free at \/var\/lib\/postgresql\/18\/docker$/,
      ),
    ]);
  });

  test("status tells both, and what is left of the tenant's own disk", async () => {
    const { exitCode, document } = await status(hand.fleet, "acme");
    expect(exitCode).toBe(1);
    const [acme] = document.tenants;
    expect(acme).toMatchObject({ verdict: "ill", isWritten: false, space: { freeMiB: 0 } });
    expect(acme?.complaints.map(numberless)).toEqual([
      `its database cannot be written: ${full}. Nobody can sign in until there is room`,
      expect.stringMatching(
        /^its disk is nearly full: 0MiB of \d+MiB free at \/var\/lib\/postgresql\/18\/docker$/,
      ),
    ]);
    const { out } = await ran(statusCommand, hand.fleet.folder, ["--stack", "test", "--prometheus"]);
    expect(out).toMatch(/^olympus_fleet_tenant_disk_free_bytes\{.*tenant="acme".*\} 0$/m);
    expect(out).toMatch(/^olympus_fleet_database_written\{.*tenant="acme".*\} 0$/m);
    expect(out).toMatch(/^olympus_fleet_tenant_up\{.*tenant="bigcorp".*\} 1$/m);
  });

  test("a gate says so, before migrations are tried", async () => {
    await hand.docker("rm", "--force", "acme-kratos-migrate");
    const { exitCode, output } = await hand.fleet.stack.up({ args: ["--refresh"] });
    expect(exitCode).not.toBe(0);
    expect(numberless(output)).toContain(`acme-postgres: is healthy and cannot be written: ${full}. `);
  });

  test("there is room again: nothing is found, and the next up goes on", async () => {
    await inVolume("rm filler");
    await hand.mend();
    expect(await databasesByDoctor(hand)).toEqual(["ok: all 2 can be written"]);
    expect(await hand.login("acme")).toBe(200);
  });
}
