import { current, type Generations, type RootSecret } from "../../secrets.ts";
import type { Text } from "../text.ts";

/**
 * A service's database. The role that owns it and all that is in it bears its name and cannot sign in. Services sign in as
 * one of two roles that act as the owner, `kratos_a` and `kratos_b`: each generation of secrets has the one that the
 * generation before has not, so that what still runs with the old password is never locked out by the new one.
 */
export type Database = "kratos" | "hydra" | "olympus";
export const databases: readonly Database[] = ["kratos", "hydra", "olympus"];

export const superuser = "postgres";

/** In the superuser's database: since when a tenant has come up with which generation of secrets. */
export const generationsTable = "public.olympus_secrets";

/** Who signs in to a database. */
export interface Login {
  readonly role: string;
  readonly password: RootSecret;
}

export const loginOf = (database: Database, generations: Generations): Login => ({
  role: `${database}_${generations.newest % 2 === 1 ? "a" : "b"}`,
  password: current(`postgres/${database}`, generations),
});

/** Roles that no service signs in as, once all run with the newest generation: the other login, and the owner itself. */
const closedRoles = (generations: Generations): string[] =>
  databases.flatMap((database) => {
    const { role } = loginOf(database, generations);
    return [database, `${database}_a`, `${database}_b`].filter((one) => one !== role);
  });

/**
 * Run in Postgres's container when a tenant has come up with its newest secrets: from then on nobody signs in with older
 * passwords, and it is remembered since when. Prints that, `generation=2 since=2026-11-28T20:00:00Z`.
 */
export function endOfOldLogins(generations: Generations): readonly string[] {
  const names = closedRoles(generations)
    .map((role) => `'${role}'`)
    .join(", ");
  const { newest } = generations;
  return [
    "psql",
    "-XqAt",
    "-v",
    "ON_ERROR_STOP=1",
    `dbname=${superuser} user=${superuser} connect_timeout=5 options='-c statement_timeout=10s -c client_min_messages=warning'`,
    "-c",
    `DO $$ DECLARE one name; BEGIN
FOR one IN SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname IN (${names}) LOOP
EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', one);
END LOOP;
PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN (${names});
END $$`,
    "-c",
    `INSERT INTO ${generationsTable} (generation) VALUES (${newest}) ON CONFLICT DO NOTHING`,
    "-c",
    `SELECT 'generation=' || generation || ' since=' || to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM ${generationsTable} WHERE generation = ${newest}`,
  ];
}

/** Run by the image on an empty volume only, and to its end or not at all. */
export const emptyVolumeSql = [
  ...databases.map(
    (name) =>
      `CREATE ROLE ${name} NOLOGIN; CREATE DATABASE ${name} OWNER ${name}; REVOKE ALL ON DATABASE ${name} FROM PUBLIC; `,
  ),
  `REVOKE ALL ON DATABASE ${superuser} FROM PUBLIC;\n`,
].join("");

/**
 * Makes the login roles of the newest generation, or gives them its passwords; it may be run again. What else can sign in
 * is left as it is, the owners of a volume of before there were login roles included: services still run with it.
 *
 * Statements with passwords never go to the server's log, not even one that fails.
 */
export function loginRolesSql(generations: Generations): Text {
  const logins = databases.flatMap((database): (string | RootSecret)[] => {
    const { role, password } = loginOf(database, generations);
    return [
      `DO $$ BEGIN IF to_regrole('${role}') IS NULL THEN CREATE ROLE ${role} NOLOGIN; END IF; END $$;\n`,
      `GRANT ${database} TO ${role};\nALTER ROLE ${role} SET role = ${database};\nALTER ROLE ${role} LOGIN PASSWORD '`,
      password,
      "';\n",
    ];
  });
  return {
    parts: [
      "SET client_min_messages = warning; SET log_min_error_statement = panic; SET log_statement = none;\n",
      "SET log_min_duration_statement = -1; SET password_encryption = 'scram-sha-256';\nBEGIN;\n",
      ...logins,
      "COMMIT;\n",
    ],
  };
}
