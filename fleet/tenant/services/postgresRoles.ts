import type { TenantContext } from "../context.ts";
import { hardened } from "../defaults.ts";
import type { Workload } from "../workload.ts";
import { generationsTable, loginRolesSql, superuser } from "./databases.ts";
import { volumePath } from "./postgres.ts";

/**
 * Run before anything of the tenant is stopped. First looks whether Hydra has keys that only secrets older than `OLDEST` can
 * read: without those it would go on answering, and sign nothing. Then makes the login roles. Each answer is waited for by itself, since
 * as a part of an `if` one that does not come would not end the step, and pass for a Hydra without keys.
 */
const script = (tenant: string) => `run() { # database, options
  database=$1
  shift
  psql -XqAt -v ON_ERROR_STOP=1 -v VERBOSITY=terse "dbname=$database user=${superuser} host=postgres connect_timeout=10 options='-c client_min_messages=warning -c lock_timeout=30s'" "$@"
}
run ${superuser} -c 'CREATE TABLE IF NOT EXISTS ${generationsTable} (generation integer PRIMARY KEY, since timestamptz NOT NULL DEFAULT now())'
has=f
if [ "$OLDEST" -gt 1 ]; then has=$(run hydra -c "SELECT to_regclass('public.hydra_jwk') IS NOT NULL"); fi
if [ "$has" = t ]; then
  since=$(run ${superuser} -c "SELECT min(since AT TIME ZONE 'UTC') FROM ${generationsTable} WHERE generation >= $OLDEST")
  old=$(run hydra -c "SELECT count(*) FROM public.hydra_jwk WHERE created_at <= '\${since:-infinity}'")
  if [ "$old" != 0 ]; then
    echo "Nothing was stopped: $old of Hydra's signing keys are older than generation $OLDEST of the secrets, and nothing newer can read them: without those secrets Hydra could not sign." >&2
    echo "Write the oldest of before, pulumi up, fleet rotate jwks ${tenant}, and when that is done oldest: $OLDEST again." >&2
    exit 1
  fi
fi
printf %s "$LOGIN_ROLES_SQL" | run ${superuser} -f -`;

/** The roles that services sign in to their databases with. Nothing of it is secret from Postgres's superuser, which it is. */
export function postgresRoles(context: TenantContext): Workload {
  const { tenant, generations } = context;
  return {
    ...hardened,
    part: "postgres-roles",
    kind: "step",
    image: tenant.release.images.postgres,
    entrypoint: ["/bin/sh", "-ec"],
    command: [script(tenant.name)],
    env: {
      PGPASSWORD: { parts: [{ from: "database" }] },
      OLDEST: String(generations.oldest),
      LOGIN_ROLES_SQL: loginRolesSql(generations),
    },
    // The image asks for a volume here, and would get one without a name for each of its containers.
    writable: [
      ...hardened.writable,
      { path: volumePath(tenant.release.postgresMajor), sizeMiB: 1, mode: "0700" },
    ],
    // A client: it needs a tenth of that.
    memory: { reservationMiB: 0, limitMiB: 96 },
    outage: { seconds: 0, repeats: "the step runs again, services stay up" },
  };
}
