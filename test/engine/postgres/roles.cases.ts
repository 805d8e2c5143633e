import { expect, test } from "vitest";
import { everything, type LonePostgres } from "./lonePostgres.ts";

/** Roles of a volume as they were made before there were login roles: each service signed in as the owner of its database. */
const ownersSignIn = ["kratos", "hydra", "olympus"]
  .map(
    (name) =>
      `CREATE ROLE ${name} LOGIN PASSWORD 'postgres/${name}/1'; CREATE DATABASE ${name} OWNER ${name}; REVOKE ALL ON DATABASE ${name} FROM PUBLIC; `,
  )
  .concat("REVOKE ALL ON DATABASE postgres FROM PUBLIC;\n")
  .join("");

const closed = (role: string) => `password authentication failed for user "${role}"`;
const noWay = (database: string) => `permission denied for database "${database}"`;

/** @param plan has the plan of this generation of secrets, and of the oldest one that is read */
export function rolesCases(
  stage: () => LonePostgres,
  plan: (secretsGeneration: number, secretsOldest?: number) => void,
): void {
  const made = async () => {
    const { exitCode, output } = await stage().makeRoles();
    expect(exitCode, output).toBe(0);
    expect(output).toBe("");
  };
  const ended = async () => {
    const { exitCode, output } = await stage().endOldLogins();
    expect(exitCode, output).toBe(0);
    return output;
  };
  const signIn = (role: string, generation: number, database = role.split("_")[0] ?? "") =>
    stage().signIn(database, role, `postgres/${role.split("_")[0]}/${generation}`);
  const roles = async () =>
    (await stage().query("SELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY 1")).output.split("\n");

  test("a volume of before login roles goes over to them, and its services have a password that works all the time", async () => {
    plan(1);
    await stage().create(undefined, { TENANT_INIT_SQL: ownersSignIn });
    await stage().start();
    expect(await stage().owners()).toBe(everything);
    expect(await signIn("kratos", 1)).toBe("kratos");
    await stage().query("CREATE DATABASE mine OWNER kratos");

    await made();
    // Services of before still run, and may have to sign in again.
    expect(await signIn("kratos", 1)).toBe("kratos");
    expect(await signIn("kratos_a", 1)).toBe("kratos");
    // Run twice, as after a run that was killed.
    await made();
    expect(await signIn("kratos", 1)).toBe("kratos");

    expect(await ended()).toMatch(/^generation=1 since=2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await roles()).toEqual(["hydra_a", "kratos_a", "olympus_a", "postgres"]);
    expect(await signIn("kratos", 1)).toBe(closed("kratos"));
    expect(await stage().owners()).toBe(`${everything.replace("\nolympus", "\nmine of kratos\nolympus")}`);
  });

  test("a rotation gives new passwords beside the old ones, and ends those when all has come up", async () => {
    plan(1);
    await stage().create();
    await stage().start();
    expect(await stage().owners()).toBe(everything);
    expect(await roles()).toEqual(["postgres"]);
    await made();
    const since = await ended();
    expect(await ended()).toBe(since);
    expect(await signIn("hydra_a", 1)).toBe("hydra");
    expect(await signIn("hydra_a", 1, "kratos")).toBe(noWay("kratos"));
    expect(await signIn("hydra_a", 1, "postgres")).toBe(noWay("postgres"));

    for (const [generation, now, before] of [
      [2, "hydra_b", "hydra_a"],
      [3, "hydra_a", "hydra_b"],
    ] as const) {
      plan(generation);
      await made();
      expect(await signIn(before, generation - 1)).toBe("hydra");
      expect(await signIn(now, generation)).toBe("hydra");
      expect(await ended()).toMatch(new RegExp(`^generation=${generation} since=`));
      expect(await signIn(before, generation - 1)).toBe(closed(before));
      expect(await signIn(now, generation)).toBe("hydra");
    }
    expect(await signIn("hydra_a", 1)).toBe(closed("hydra_a"));
    expect(await stage().logs(1000)).not.toContain("postgres/hydra");
  });

  test("secrets that a signing key of Hydra needs are not taken away", async () => {
    plan(1);
    await stage().create();
    await stage().start();
    expect(await stage().owners()).toBe(everything);
    // A tenant that begins with an oldest of its own has nothing that is older.
    plan(2, 2);
    await made();
    const key = (kid: string) =>
      stage().run(
        `psql -XqU postgres -d hydra -c 'CREATE TABLE IF NOT EXISTS hydra_jwk (kid text, created_at timestamp)' -c "INSERT INTO hydra_jwk VALUES ('${kid}', now() AT TIME ZONE 'UTC')"`,
      );
    await key("old");
    const refused = await stage().makeRoles();
    expect(refused).toEqual({
      exitCode: 1,
      output:
        "Nothing was stopped: 1 of Hydra's signing keys are older than generation 2 of the secrets, and nothing newer can read them: without those secrets Hydra could not sign.\n" +
        "Write the oldest of before, pulumi up, fleet rotate jwks acme, and when that is done oldest: 2 again.",
    });
    plan(2, 1);
    await made();
    await ended();
    await key("new");
    plan(2, 2);
    expect((await stage().makeRoles()).exitCode).toBe(1);
    await stage().run(`psql -XqU postgres -d hydra -c "DELETE FROM hydra_jwk WHERE kid = 'old'"`);
    await made();
  });
}
