import type { VersionedService } from "../../../fleet/model.ts";
import { physicalName } from "../../../fleet/names.ts";
import { type EngineKind, engines } from "../../../hosts/engines.ts";
import { line, quote } from "../../../hosts/shell.ts";
import { lossQueries, type Removed } from "./losses.ts";

/** A service's program in one release, and how it migrates. */
export interface Migrator {
  readonly service: VersionedService;
  readonly image: string;
  /** Brings a schema to the program's version. */
  readonly up: readonly string[];
  readonly user: string;
  readonly memoryMiB: number;
}

/** What a script is for. */
export interface Where {
  readonly engine: EngineKind;
  readonly tenant: string;
}

/** Role and database of a rollback's own; a run that was killed leaves them to the next, which begins by removing them. */
const own = "olympus_rollback";

/** A migration waits so long for a table that somebody else holds. */
const lockTimeoutMs = 30_000;

/**
 * Runs programs of other releases beside a tenant's Postgres, in its network namespace, so that no address of the tenant's is
 * taken. They sign in as a role that is there meanwhile; its password is made on the host and told to nobody else.
 */
const script = ({ engine, tenant }: Where, main: readonly string[]) => `set -u
export LC_ALL=C
${engines[engine].prelude}postgres=${quote(physicalName(tenant, "postgres"))}
box=${quote(`olympus-rollback-${tenant}`)}
sql() { docker exec -i "$postgres" psql -XqAt -v ON_ERROR_STOP=1 -U postgres -d "$1" 2>&1; }
fault() { printf 'fault=%s\\t%s\\n' "$1" "$(printf '%s\\n' "$2" | grep -v '^ *$' | tail -n 1)"; }
clean() {
  docker rm --force "$box" >/dev/null 2>&1
  printf '%s\\n' 'DROP DATABASE IF EXISTS ${own} WITH (FORCE);' 'DROP ROLE IF EXISTS ${own};' | sql postgres
}
begin() { # statements that follow, the database to sign in to
  said=$(clean) || return
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')
  said=$(printf "CREATE ROLE ${own} LOGIN PASSWORD '%s';\\n%s\\n" "$password" "$1" | sql postgres) || return
  DSN="postgres://${own}:$password@127.0.0.1:5432/$2?sslmode=disable&lock_timeout=${lockTimeoutMs}"
  export DSN
}
empty='CREATE DATABASE ${own} OWNER ${own}; REVOKE ALL ON DATABASE ${own} FROM PUBLIC;'
inBox() { # memory, user, image, arguments
  memory=$1 user=$2
  shift 2
  docker run --rm --name "$box" --network "container:$postgres" --read-only --tmpfs /tmp --cap-drop ALL \\
    --security-opt no-new-privileges --memory "$memory" --user "$user" --env DSN "$@" 2>&1
}
versions() { # kind, service, database
  printf "SELECT '%s=%s' || E'\\\\t' || version FROM schema_migration ORDER BY version;\\n" "$1" "$2" | sql "$3"
}
columns() { # kind, service, database
  printf "SELECT concat_ws(E'\\\\t', '%s=%s', table_name, column_name, data_type || coalesce('(' || character_maximum_length || ')', ''), is_nullable, replace(coalesce(column_default, ''), E'\\\\n', ' ')) FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name;\\n" "$1" "$2" | sql "$3"
}
rows() { # kind, service, database
  printf "SELECT format('SELECT concat_ws(E''\\\\t'', %%L, %%L, to_jsonb(one)) FROM public.%%I one', '%s=%s', table_name, table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'schema_migration%%' ORDER BY table_name \\\\gexec\\n" "$1" "$2" | sql "$3"
}
stopped() { # container; one that is not there does nothing either
  said=$(docker stop "$1" 2>&1) || ! docker inspect "$1" >/dev/null 2>&1
}
tell() { # a question and what it is asked of
  if answer=$("$@"); then printf '%s\\n' "$answer"; else fault "$3" "$answer"; fi
}
main() {
  docker version >/dev/null 2>&1 || exit 1
  echo answered=1
  if said=$(docker exec "$postgres" pg_isready -q -h postgres -U postgres 2>&1); then :; else
    fault postgres "\${said:-it does not answer}"
    exit 0
  fi
${main.map((one) => `  ${one}`).join("\n")}
  said=$(clean)
  echo end=1
}
main </dev/null 2>/dev/null
`;

const boxed = ({ memoryMiB, user, image }: Migrator) => [`${memoryMiB}m`, user, image];

/** Which migrations a tenant's databases have had, and which the programs of another release know: tried on an empty database. */
export const askScript = (where: Where, older: readonly Migrator[]) =>
  script(
    where,
    older.flatMap((one) => [
      line("tell", "versions", "applied", one.service, one.service),
      `if begin "$empty" ${own} && said=$(${line("inBox", ...boxed(one), ...one.up)}); then`,
      `  ${line("tell", "versions", "knows", one.service, own)}`,
      `  ${line("tell", "columns", "older", one.service, own)}`,
      `else fault ${one.service} "$said"; fi`,
    ]),
  );

/** How a program takes its own migrations back. */
const down = (steps: string) => `migrate sql down --steps ${steps} -e --yes`;

/**
 * Tries on an empty database what the newer program's way down leads to.
 *
 * @param known how many migrations the older one knows
 */
export const rehearseScript = (
  where: Where,
  newer: readonly { readonly migrator: Migrator; readonly known: number }[],
) =>
  script(
    where,
    newer.flatMap(({ migrator, known }) => {
      const { service } = migrator;
      const box = line("inBox", ...boxed(migrator));
      return [
        line("tell", "columns", "real", service, service),
        `if begin "$empty" ${own} && said=$(${line("inBox", ...boxed(migrator), ...migrator.up)}); then`,
        `  ${line("tell", "versions", "newer", service, own)}`,
        `  ${line("tell", "columns", "before", service, own)}`,
        `  ${line("tell", "rows", "row-before", service, own)}`,
        `  total=$(echo 'SELECT count(*) FROM schema_migration;' | sql ${own})`,
        `  if said=$(${box} ${down(`"$((total - ${known}))"`)}); then echo "down=${service}"; else printf 'nodown=%s\\t%s\\n' ${service} "$(printf '%s\\n' "$said" | grep -v '^ *$' | tail -n 1)"; fi`,
        `  ${line("tell", "versions", "after", service, own)}`,
        `  ${line("tell", "columns", "after-column", service, own)}`,
        `  ${line("tell", "rows", "row-after", service, own)}`,
        `else fault ${service} "$said"; fi`,
      ];
    }),
  );

/** How much of the tenant's own data lies in what a way down removes. */
export const lossScript = (where: Where, lost: ReadonlyMap<VersionedService, Removed>) =>
  script(
    where,
    [...lost].map(
      ([service, removed]) =>
        `if answer=$(printf '%s\\n' ${lossQueries(service, removed).map(quote).join(" ")} | sql ${service}); then printf '%s\\n' "$answer"; else fault ${service} "$answer"; fi`,
    ),
  );

/** Says no where somebody has written meanwhile to what goes, or nobody can tell: then the service runs again. */
function recount({ service }: Migrator, container: string, unwritten: Removed | undefined): string[] {
  if (unwritten === undefined) return [];
  const again = line("docker", "start", container);
  return [
    `elif ! said=$(printf '%s\\n' ${lossQueries(service, unwritten).map(quote).join(" ")} | sql ${service}); then`,
    `  ${again}; fault ${service} "$said"`,
    `elif said=$(printf '%s\\n' "$said" | grep -v "$(printf '\\t0')$"); then`,
    `  ${again}; fault ${service} "$(printf '%s\\n' "$said" | head -n 1 | cut -f 2,3 | tr '\\t' .) has been written since it was counted, and would be lost; ${container} runs again"`,
  ];
}

/**
 * Takes migrations back with the newer program, whose service is stopped before: it does not work on the older schema, and
 * what it writes meanwhile would be lost. What was taken back before the script was killed is not taken back again.
 */
export const downScript = (
  where: Where,
  newer: readonly {
    readonly migrator: Migrator;
    readonly steps: number;
    /** What goes, where nothing was in it. */
    readonly unwritten: Removed | undefined;
  }[],
) =>
  script(
    where,
    newer.flatMap(({ migrator, steps, unwritten }) => {
      const { service } = migrator;
      const container = physicalName(where.tenant, service);
      return [
        `if ! ${line("stopped", container)}; then fault ${service} "$said"`,
        ...recount(migrator, container, unwritten),
        `elif owner=$(echo "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${service}';" | sql postgres) &&`,
        // What it makes on its way down is the owner's.
        `  begin "GRANT $owner TO ${own}; ALTER ROLE ${own} SET role = $owner;" ${service} && said=$(${line("inBox", ...boxed(migrator))} ${down(String(steps))}); then`,
        `  ${line("tell", "versions", "applied", service, service)}`,
        `else fault ${service} "$said"; fi`,
      ];
    }),
  );
