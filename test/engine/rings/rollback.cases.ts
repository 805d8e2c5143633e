import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registryDir } from "../../../lab/docker/registry.ts";
import { variantOf } from "../../../lab/images/publish.ts";
import type { RollbackDocument } from "../../../reports/rollback/document.ts";
import { run } from "../../harness/fleetCommand.ts";
import { goOn, type Held, signIn } from "../../harness/longPerson.ts";
import { type RingsFleet, waiting } from "../../harness/ringsFleet.ts";

/**
 * A Hydra of before the newest migration: it makes schemas without that, and leaves others as they are. Its program is the
 * usual one, which is the only one that can be had.
 */
const olderHydra = `
case "$1 $2 $3" in
"migrate sql up")
  case $(hydra migrate sql status -e 2>&1) in *Applied*) exit 0 ;; esac
  hydra "$@" && exec hydra migrate sql down --steps 1 -e --yes
  ;;
esac
exec hydra "$@"
`;
const newest = "20241129111700000000";

const page = readFileSync(new URL("../../../docs/runbooks/upgrade-failed.md", import.meta.url), "utf8");

/** The runbook's commands for the host, for another tenant. */
const byHand = (tenant: string, dump: string) =>
  (page.split("## 3.")[1]?.split("```sh\n")[2]?.split("```")[0] ?? "").replace(
    "tenant=acme dump=20261128T201500Z",
    `tenant=${tenant} dump=${dump}`,
  );

/** @param stage all on 2026.13 */
export function rollbackCases(stage: () => RingsFleet): void {
  const rollback = (...args: readonly string[]) => run(stage().fleet, "rollback", ...args);
  const onHost = (script: string) =>
    execa("sh", ["-ec", script], {
      cwd: stage().fleet.folder,
      env: { DOCKER_HOST: stage().fleet.dockerHost },
    });
  const file = () => readFile(join(stage().fleet.folder, "tenants.yaml"), "utf8");
  const psql = (database: string, sql: string) =>
    stage().fleet.docker("exec", "c1-postgres", "psql", "-XqAt", "-U", "postgres", "-d", database, "-c", sql);
  const migrations = async () =>
    (await psql("hydra", "SELECT version FROM schema_migration ORDER BY version")).split("\n");
  let held: Held;

  describe("back to the release of before", () => {
    afterAll(async () => {
      await stage().setRings({ canary: {} });
      await stage().setTenant("c1", {});
    });

    beforeAll(async () => {
      const { images } = stage().fleet;
      const kratos = await variantOf(registryDir, images.kratos, "rollback", { Labels: { older: "yes" } });
      const Entrypoint = ["sh", "-c", olderHydra, "hydra"];
      const hydra = await variantOf(registryDir, images.hydra, "rollback", { Entrypoint });
      await stage().addRelease("older", { kratos, hydra });
      // No two runs begin at one time, and what came before this was a way back, too.
      stage().later(1);
      await stage().setRings({ canary: { bake: "24h" }, stable: {} });
      await stage().want("older");
      await stage().done();
      held = await signIn(stage().fleet, "c1");
    });

    test("by the images alone, where the databases are as the older ones know them", async () => {
      const { exitCode, out } = await rollback("canary", "--json");
      expect(exitCode).toBe(0);
      const document: RollbackDocument = JSON.parse(out);
      expect(document).toMatchObject({
        kind: "ring",
        name: "canary",
        to: "2026.13",
        tenants: [
          {
            tenant: "c1",
            has: "older",
            services: [
              { service: "kratos", way: { kind: "image" } },
              { service: "hydra", way: { kind: "image" } },
            ],
          },
        ],
        also: [],
        // Nobody else had it: all of them stay as they are.
        edits: [{ path: "defaults.release", from: "older", to: "2026.13" }],
      });
      // On hold or not.
      stage().release = "2026.13";
      await stage().setRings({ canary: { hold: true } });
      const before = await stage().ids("e1", "s1", "s2");
      expect(await stage().done()).not.toMatch(waiting);
      expect(await stage().ids("e1", "s1", "s2")).toEqual(before);
      expect(await stage().running()).toMatchObject({ c1: "2026.13", e1: "2026.13" });
      const { session, token, refresh } = await goOn(stage().fleet, "c1", held);
      expect({ session, token }).toEqual({ session: 200, token: 200 });
      held = { ...held, refresh };
      await stage().setRings({ canary: {} });
    });

    test("run twice it goes back once", async () => {
      expect(await rollback("canary")).toMatchObject({
        exitCode: 1,
        err: "ring canary: c1 went back from older to 2026.13 already. To go back further: --to with an earlier release.\nNothing was written.\n",
      });
    });

    test("what would lose data is refused, with what and since when, and nothing is touched", async () => {
      const before = [await file(), await migrations(), await stage().ids("c1")];
      const { exitCode, err } = await rollback("c1", "--to", "older");
      expect(exitCode).toBe(1);
      expect(err).toMatch(
        /^c1: hydra's database has had 1 migration of 2026\.13 that older does not know\. To take it back loses what was written since 2026-\S+ \S+ UTC to hydra_oauth2_refresh\.access_token_signature \(\d+ rows?\)\. To accept that: --accept-loss-since 2026-\S+Z\nNothing was written\.\n$/,
      );
      expect([await file(), await migrations(), await stage().ids("c1")]).toEqual(before);
      // Nor is anything of it left.
      expect(await psql("postgres", "SELECT count(*) FROM pg_roles WHERE rolname = 'olympus_rollback'")).toBe(
        "0",
      );
      expect(await psql("postgres", "SELECT datname FROM pg_database WHERE datname ~ 'rollback'")).toBe("");
    });

    test("once accepted, the newer program takes its migration back, and the older one serves", async () => {
      const accept = ["--accept-loss-since", stage().now.toISOString()];
      const checked = await rollback("c1", "--to", "older", ...accept, "--check");
      expect(checked.out).toMatch(
        /1 migration to be taken back, which loses .*\n.*Nothing was written \(--check\)\.\n$/s,
      );
      expect(await migrations()).toContain(newest);
      const { exitCode, out } = await rollback("c1", "--to", "older", ...accept);
      expect(exitCode).toBe(0);
      expect(out).toContain("c1-hydra is stopped until then: do it at once.\nNext: pulumi up --stack test.");
      expect(await migrations()).not.toContain(newest);
      // A second run finds that done, and written.
      const again = await rollback("c1", "--to", "older");
      expect(again.out).toContain(
        "kratos: the image alone; hydra: the image alone\ntenants.yaml says so already.\n",
      );
      await stage().setTenant("c1", { release: "older" });
      await stage().done();
      expect(await stage().running()).toMatchObject({ c1: "older", e1: "2026.13", s1: "2026.13" });
      expect(await goOn(stage().fleet, "c1", held)).toMatchObject({ session: 200 });
    });

    test("migrations that no program takes back need the dump", async () => {
      const dumps = await stage().fleet.docker("exec", "c1-postgres", "ls", "/var/lib/postgresql/dumps");
      // That of before the release that c1 has now.
      const dump = dumps.split("\n").at(-1) ?? "";
      expect(dump).toMatch(/^\d{8}T\d{6}Z$/);
      await psql("kratos", "INSERT INTO schema_migration (version) VALUES ('20990101000000000000')");
      expect(await rollback("c1", "--to", "2026.13")).toMatchObject({
        exitCode: 1,
        err: "c1: kratos's database has had 1 migration of older that 2026.13 does not know, and older leads no way back: it does not know 20990101000000000000 itself. Restore the dump from before the upgrade: docs/runbooks/upgrade-failed.md.\nNothing was written.\n",
      });
      expect(page).toContain("npm run fleet -- rollback canary --stack prod --check");
      await onHost(byHand("c1", dump));
      const { exitCode, out } = await rollback("c1", "--to", "2026.13", "--check");
      expect({ exitCode, out }).toMatchObject({ exitCode: 0 });
      expect(out).toContain("kratos: the image alone; hydra: the image alone");
    });
  });
}
