import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tenantContext } from "../../../fleet/tenant/context.ts";
import { postgresRoles } from "../../../fleet/tenant/services/postgresRoles.ts";
import { config, host, tenant } from "../../fixtures.ts";

/** The step's script with a `psql` that answers by database; with a real one: test/engine/postgres/roles.cases.ts. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-roles-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param hydra what `psql` does when it is asked for the database of Hydra, as shell */
async function ran(hydra: string) {
  writeFileSync(
    join(folder, "psql"),
    `#!/bin/sh\necho "$*" >> ${folder}/asked\ncase "$*" in\n*-f*) cat >/dev/null ;;\n*dbname=hydra*|*"dbname=hydra "*) ${hydra} ;;\nesac\n`,
  );
  chmodSync(join(folder, "psql"), 0o755);
  const entry = tenant("acme", { secretsGeneration: 2, secretsOldest: 2 });
  const { entrypoint = [], command } = postgresRoles(tenantContext(entry, host, config));
  const [program = "", ...args] = [...entrypoint, ...command];
  const { exitCode, stderr } = await execa(program, args, {
    env: { PATH: `${folder}${delimiter}${process.env.PATH}`, OLDEST: "2", LOGIN_ROLES_SQL: "SELECT 1" },
    reject: false,
  });
  return { exitCode, stderr, hasMadeRoles: readFileSync(join(folder, "asked"), "utf8").includes(" -f -") };
}

test("a database of Hydra's that nobody can look into is none without old keys", async () => {
  const { exitCode, stderr, hasMadeRoles } = await ran("echo 'timeout expired' >&2; exit 2");
  expect(stderr).toContain("timeout expired");
  expect({ exitCode, hasMadeRoles }).toEqual({ exitCode: 2, hasMadeRoles: false });
});

test("one that has no keys yet, and one that has none that are old, stop nothing", async () => {
  expect(await ran("echo f")).toMatchObject({ exitCode: 0, hasMadeRoles: true });
  expect(await ran('case "$*" in *count*) echo 0 ;; *) echo t ;; esac')).toMatchObject({
    exitCode: 0,
    hasMadeRoles: true,
  });
});
