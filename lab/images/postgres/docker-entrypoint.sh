#!/bin/sh
# The contract of the official image's entrypoint, for the lab's own Postgres image: POSTGRES_USER, _PASSWORD, _DB
# (each also as _FILE), POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, PGDATA and /docker-entrypoint-initdb.d.
# Own code, and stricter in one thing: TCP connections from 127.0.0.1 need the password as well.
set -eu

say() { echo "docker-entrypoint: $*" >&2; }
die() { say "$*"; exit 1; }

# from_file NAME: sets NAME to what the file called $NAME_FILE holds.
from_file() {
  eval "value=\${$1:-} file=\${$1_FILE:-}"
  [ -z "$file" ] && return
  [ -z "$value" ] || die "$1 and $1_FILE are both set; set one"
  value=$(cat "$file") || die "$1_FILE: cannot read $file"
  export "$1=$value"
}

# Options alone mean the server; any other program runs as it is (pg_dump, psql, sh).
case ${1:-} in '' | -*) set -- postgres "$@" ;; esac
[ "$1" = postgres ] || exec "$@"
case " $* " in *' --help '* | *' --version '* | *' -V '* | *' -C '*) exec "$@" ;; esac

# As root (which then needs CHOWN, DAC_OVERRIDE, FOWNER, SETUID and SETGID) only to hand the folders over.
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  find "$PGDATA" /var/run/postgresql ! -user postgres -exec chown postgres:postgres {} +
  exec su -p -s /bin/sh postgres -c 'exec "$0" "$@"' "$0" "$@"
fi

initialise() {
  from_file POSTGRES_PASSWORD; from_file POSTGRES_USER; from_file POSTGRES_DB; from_file POSTGRES_INITDB_ARGS
  user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  [ -n "${POSTGRES_PASSWORD:-}" ] || [ "$method" = trust ] ||
    die 'POSTGRES_PASSWORD is not set; a new database needs it'

  # The password goes through a file that only we can read, never through an argument list.
  umask 077
  secret=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:-unused}" > "$secret"
  # shellcheck disable=SC2086 # INITDB_ARGS is a list of words by contract
  initdb --username="$user" --pwfile="$secret" --auth-local=trust --auth-host=scram-sha-256 \
    ${POSTGRES_INITDB_ARGS:-} >&2
  rm -f "$secret"
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
  printf "\nlisten_addresses = '*'\nunix_socket_directories = '/var/run/postgresql'\n" >> "$PGDATA/postgresql.conf"

  # By socket only, so that no client and no health check over TCP sees a database that is not finished.
  pg_ctl --wait -o "-c listen_addresses=''" start >&2
  query() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$user" "$@"; }
  [ "$database" = postgres ] ||
    echo 'CREATE DATABASE :"name"' | query --dbname postgres --set name="$database" --file -
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) say "running $file"; if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) say "running $file"; query --dbname "$database" --file "$file" ;;
      *.sql.gz) say "running $file"; gunzip -c "$file" | query --dbname "$database" --file - ;;
    esac
  done
  pg_ctl --wait --mode fast stop >&2
  say 'the new database is ready'
}

mkdir -p "$PGDATA"
chmod 700 "$PGDATA"
# In a subshell, so that neither its umask nor its variables reach the server.
if [ ! -s "$PGDATA/PG_VERSION" ]; then (initialise); fi
unset POSTGRES_PASSWORD
# Under this name, as in the official image, a database is made and not started.
case $0 in */docker-ensure-initdb.sh) exit 0 ;; esac
exec "$@"
