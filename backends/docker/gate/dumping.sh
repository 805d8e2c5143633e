# Functions of gates: a dump of a tenant's databases before a migration, on the tenant's own volume.

# What runs in Postgres's container: nothing of it holds a secret, and its owner alone reads what it writes. A dump is a folder
# named by its time (UTC), whole once it bears that name: a file for each database (`pg_dump -Fc`), the images that the services
# had (`from`) and get (`to`), and how many migrations each database had (`migrations`). The same is said in docs/operate.md.
dump_script='
set -eu
umask 077
folder=$1 keep=$2 from=$3 to=$4
shift 4
export PGOPTIONS="-c lock_timeout=30s"
sql() { psql -XqAtw -U postgres -d "$1" -c "$2"; }
counts() {
  for database do
    has=$(sql "$database" "SELECT to_regclass('"'schema_migration'"') IS NOT NULL") || exit
    [ "$has" = t ] || continue
    count=$(sql "$database" "SELECT count(*) FROM schema_migration") || exit
    echo "$database $count"
  done
}
# `exit`, since not every shell ends a substitution at its first failure.
now=$(counts "$@") || exit
# A new database: there is nothing to lose.
[ -n "$now" ] || exit 0
mkdir -p "$folder"
rm -rf "$folder"/*.part
# Those of this same upgrade, begun before with nothing migrated since: the new one takes their place, once it is whole. One that
# was taken before something was migrated stays.
same=
for other in "$folder"/*; do
  [ -f "$other/migrations" ] && [ "$(cat "$other/from")" = "$from" ] && [ "$(cat "$other/to")" = "$to" ] &&
    [ "$(cat "$other/migrations")" = "$now" ] && same="$same ${other##*/}"
done
need=0
for database do
  size=$(sql "$database" "SELECT pg_database_size(current_database()) / 1024") || exit
  need=$((need + size))
done
left=$(df -Pk "$folder" | tail -n 1 | tr -s " " | cut -d " " -f 4)
if [ "$left" -lt "$need" ]; then
  echo "the disk has $((left / 1024)) MiB left, and its databases take $((need / 1024)) MiB" >&2
  exit 1
fi
name=$(date -u +%Y%m%dT%H%M%SZ)
part=$folder/$name.part
mkdir "$part"
echo "$from" > "$part/from"
echo "$to" > "$part/to"
echo "$now" > "$part/migrations"
for database do pg_dump -Fc -w --lock-wait-timeout=30s -U postgres -f "$part/$database.dump" "$database"; done
sync "$part"/* "$part"
mv "$part" "$folder/$name"
for other in $same; do [ "$other" = "$name" ] || rm -rf "${folder:?}/$other"; done
ls -r "$folder" | tail -n "+$((keep + 1))" | while read -r old; do rm -rf "${folder:?}/$old"; done
'

# The image that a container was made of; empty where there is none.
image_of() { # container
  ask inspect --format '{{.Config.Image}}' "$1" 2>/dev/null || true
}

# Dumps the databases of a tenant whose Kratos or Hydra is to become another image, whose migrations are about to run. Where
# that fails, nothing has been migrated or stopped for it.
dumped() { # Postgres's container, folder on its volume, dumps that are kept, seconds, databases (one word), then pairs: step, service
  postgres=$1 folder=$2 keep=$3 allowed=$4 databases=$5
  shift 5
  from= to= differ=
  while [ $# -gt 0 ]; do
    # Were both not to be had, they would look the same, and nothing would be dumped.
    wanted=$(ask inspect --format '{{.Config.Image}}' "$1") || gone "container $1"
    is=$(image_of "$2")
    [ "$is" = "$wanted" ] || differ=1
    # None: its tenant is new, was suspended, or a run was killed.
    from="$from$2 ${is:-none}
" to="$to$2 $wanted
"
    shift 2
  done
  [ -n "$differ" ] || return 0
  why=$(within "$allowed" docker exec "$postgres" sh -c "$dump_script" sh "$folder" "$keep" "${from%?}" "${to%?}" $databases </dev/null 2>&1) && return
  fail "$postgres" "cannot be dumped before a migration, so nothing was migrated, and Kratos and Hydra run as before: ${why:-that does not end}. Mend that, then pulumi up"
}
