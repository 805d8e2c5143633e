import type { TenantContext } from "../context.ts";
import { ports } from "../context.ts";
import { hardened } from "../defaults.ts";
import { type Text, text } from "../text.ts";
import type { Workload } from "../workload.ts";
import { type Database, emptyVolumeSql, loginOf, superuser } from "./databases.ts";
import { proofOf } from "./postgresProof.ts";
import { postgresStart } from "./postgresStart.ts";

/** Whose the files on a tenant's volume are: the official image's own user, `uid:gid` (999 in the Debian variants). */
export const dataOwner = "999:999";

/** Proves that a tenant's database can be written. */
export const postgresProof = proofOf(superuser);

/** Connections that each service's pool may open; Olympus's SDK has a fixed pool of 5. */
const poolSize = (limitMiB: number) => Math.min(20, Math.max(5, Math.floor(limitMiB / 40)));

/**
 * How long a migration waits for a table that somebody else holds, a dump for instance. While it waits, everybody who comes
 * after it waits as well: better it fails, says why, and is run again.
 */
const lockTimeoutMs = 30_000;

/**
 * Connection URI of a service. TLS is off inside the tenant's own internal network: see the exceptions in
 * docs/security.md.
 */
export function dsn(
  database: Database,
  { size, generations }: TenantContext,
  purpose: "pool" | "migration" | "plain" = "plain",
): Text {
  const pool = poolSize(size.postgres.limitMiB);
  const limits = purpose === "plain" ? "" : `&max_conns=${pool}&max_idle_conns=2`;
  const patience = purpose === "migration" ? `&lock_timeout=${lockTimeoutMs}` : "";
  const { role, password } = loginOf(database, generations);
  return text`postgres://${role}:${password}@postgres:${ports.postgres}/${database}?sslmode=disable${limits}${patience}`;
}

/**
 * Postgres 18's image keeps its data one level higher than those before; mounted at the old place, it would
 * write into the container and lose everything with it (docker-library/postgres#1259).
 */
export const volumePath = (major: number) =>
  major >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";

/** Below the volume's root, where there is room beside it. From 18 on it is what the image would choose. */
const dataFolder = (major: number) => `${volumePath(major)}/${major >= 18 ? `${major}/docker` : "pgdata"}`;

/**
 * The official image as its own user, so that its root entrypoint and five
 * capabilities are not needed. The SQL comes by environment into a tmpfs: nothing can be copied into a
 * read-only container.
 */
export function postgres(context: TenantContext): Workload {
  const { tenant, size } = context;
  const pool = poolSize(size.postgres.limitMiB);
  const major = tenant.release.postgresMajor;
  return {
    ...hardened,
    part: "postgres",
    kind: "service",
    image: tenant.release.images.postgres,
    user: dataOwner,
    entrypoint: ["/bin/sh", "-ec", postgresStart({ volume: volumePath(major), major }), "sh"],
    command: [
      "postgres",
      "-c",
      `shared_buffers=${Math.floor(size.postgres.limitMiB / 12)}MB`,
      "-c",
      `max_connections=${pool * 4 + 10}`,
      // A tenant's queries are short; compiling them costs more memory than it saves time.
      "-c",
      "jit=off",
      "-c",
      "password_encryption=scram-sha-256",
    ],
    env: {
      POSTGRES_USER: superuser,
      POSTGRES_DB: superuser,
      POSTGRES_PASSWORD: { parts: [{ from: "database" }] },
      POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256",
      PGDATA: dataFolder(major),
      TENANT_INIT_SQL: emptyVolumeSql,
    },
    memory: size.postgres,
    // Where the others reach it: while the image prepares an empty volume, its server listens on the socket only.
    health: ["pg_isready", "-q", "-h", "postgres", "-U", superuser],
    // It also answers while it cannot write.
    proof: postgresProof,
    writable: [
      ...hardened.writable,
      { path: "/var/run/postgresql", sizeMiB: 1, owner: 999, mode: "0775" },
      { path: "/docker-entrypoint-initdb.d", sizeMiB: 1, owner: 999, mode: "0700" },
    ],
    dataPath: volumePath(major),
    // Ends sessions and writes a checkpoint. SIGTERM would wait for every session to end by itself, for ever.
    stopSignal: "SIGINT",
    // For the checkpoint; killed before, the next start replays the log instead.
    stopSeconds: 60,
    // Longer than the others: it writes a checkpoint first, and Kratos and Hydra have to find it again.
    outage: { seconds: 10, without: "sign-ins and tokens" },
  };
}
