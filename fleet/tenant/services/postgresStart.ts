/**
 * What Postgres's container runs: a script that decides whether the volume is to get a new database, holds one that this
 * image can read, or something else. It stops at something else, and never removes what it has not made itself.
 *
 * A new database is made in a folder of its own and gets its name when it is finished. A first start that is cut short,
 * by a crash or a reboot, therefore leaves nothing that could be taken for a database, and the next one makes it again.
 */
export interface PostgresStart {
  /** Where the volume is mounted. */
  readonly volume: string;
  /** Major version of the image. */
  readonly major: number;
}

/** In the database's folder: the C library that it was made under. It sorts text, and indexes are in its order. */
export const libraryRecord = "olympus-c-library";

export const postgresStart = ({ volume, major }: PostgresStart): string => `volume=${volume} major=${major}
fresh=$volume/preparing record=${libraryRecord}
${functions}
check_owner
if is_empty "$PGDATA"; then
  check_nothing_else
  make_database "$@"
else
  check_database
  check_library
fi
unset TENANT_INIT_SQL
exec docker-entrypoint.sh "$@"`;

/** `docker-ensure-initdb.sh` is the official image's way to make a database without starting it, since 2024. */
const functions = `refuse() { # what is wrong, what to do
  echo "Postgres does not start, and nothing on its volume was changed: $1" >&2
  echo "$2" >&2
  exit 1
}
is_empty() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; }
library() { # glibc 2.41, musl, or nothing where neither is found
  cat /lib/*/libc.so.6 /usr/lib/*/libc.so.6 /lib64/libc.so.6 2>/dev/null | tr -c ' -~' '\\n' |
    sed -n 's/^GNU C Library .* release version \\([0-9][0-9.]*[0-9]\\).*/glibc \\1/p' | head -n 1
  for loader in /lib/ld-musl-*; do [ ! -e "$loader" ] || echo musl; done
}
check_owner() {
  [ ! -e "$PGDATA" ] || [ -O "$PGDATA" ] || refuse "$PGDATA belongs to user $(stat -c %u "$PGDATA"), and Postgres runs as $(id -u)." \\
    "After a restore as root: chown -R $(id -u):$(id -g) what was restored, then start it again."
}
check_nothing_else() { # where this version looks there is no database; is there anything elsewhere?
  others=$(find "$volume" -path "$fresh" -prune -o -name lost+found -prune -o ! -type d -print 2>&1) || true
  [ -n "$others" ] || return 0
  marked=$(echo "$others" | grep '/PG_VERSION$' | head -n 1) || true
  [ -z "$marked" ] || refuse "it holds a database of Postgres $(cat "$marked") in \${marked%/PG_VERSION}, and this image is Postgres $major, which looks in $PGDATA." \\
    "Name a release of that major version; data moves to another one by dump and restore. If it was restored here by hand, its place is $PGDATA."
  refuse "$PGDATA holds no database, and the volume is not empty: $(echo "$others" | head -n 1)." \\
    "What a restore has put there belongs into $PGDATA. For a new and empty database, empty the volume first."
}
check_database() {
  for file in PG_VERSION global/pg_control base pg_wal; do
    [ -s "$PGDATA/$file" ] || refuse "$PGDATA holds files, but no whole database: $file is missing or empty." \\
      "A restore that was cut short leaves this. Restore it again, whole. For a new and empty database, empty the volume first."
  done
  found=$(cat "$PGDATA/PG_VERSION")
  [ "$found" = "$major" ] || refuse "its database is of Postgres $found, and this image is Postgres $major, which cannot read it." \\
    "Name a release of Postgres $found; data moves to another major version by dump and restore."
}
check_library() {
  now=$(library)
  if [ ! -s "$PGDATA/$record" ]; then # made before this was written down
    [ -z "$now" ] || echo "$now" 2>/dev/null > "$PGDATA/$record" || true
    return 0
  fi
  made=$(cat "$PGDATA/$record")
  [ -z "$now" ] || [ "$now" = "$made" ] || refuse "its database was made under the C library $made, and this image has $now, which sorts text otherwise: indexes would miss what is there." \\
    "Put back the image of before (release or images in tenants.yaml); data moves to another C library by dump and restore."
}
make_database() {
  command -v docker-ensure-initdb.sh >/dev/null || refuse "this image has no docker-ensure-initdb.sh, which makes a new database." \\
    "Use the official image postgres, built in 2024 or later."
  rm -rf "$fresh"
  printf %s "$TENANT_INIT_SQL" > /docker-entrypoint-initdb.d/10-tenant.sql
  PGDATA=$fresh docker-ensure-initdb.sh "$@"
  library > "$fresh/$record"
  mkdir -p "\${PGDATA%/*}"
  [ ! -d "$PGDATA" ] || rmdir "$PGDATA"
  mv "$fresh" "$PGDATA"
  # A crash from here on finds the database under its name.
  sync "$PGDATA/$record" "$PGDATA" "\${PGDATA%/*}"
}`;
