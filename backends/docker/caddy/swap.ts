import { adminSocket, configFolder } from "./places.ts";

/**
 * The configuration that a reload has loaded last, in the configuration folder: `Caddyfile`, `sites/`, and in
 * `running` the digest of what Caddy made of them. One file, so that it is replaced as a whole or not at all.
 */
export const loadedArchive = "loaded.tar";

/** Where Caddy writes what it runs, no matter who gave it: a reload, or a call of its admin API. Below XDG_CONFIG_HOME. */
export const autosave = "caddy/autosave.json";

/**
 * Runs in Caddy's container; the new file comes on stdin, `$1` is its path below the configuration folder and
 * `$2` is `put` or `remove`. The whole configuration is checked as it will be before anything of it changes,
 * and on any failure the old file is what stays: on disk, so that a restart of Caddy finds a good one, and in
 * the running Caddy, which cuts off no request that it has read. A visitor who is just connecting may have to try again:
 * see `tcp_migrate_req` in docs/hosts.md.
 *
 * A file beside it that somebody broke by hand does not stand in the way: it stays as it is, and what ran of it
 * goes on. Otherwise two of them would keep each other from being mended.
 */
export const swap = `set -eu
cd ${configFolder}
mkdir -p sites
# One at a time: each check must see what the one before wrote.
exec 9> /run/caddy/lock
flock 9
work=$(mktemp -d /tmp/candidate.XXXXXX)
trap 'rm -rf "$work"' EXIT
target=$1 action=$2
if [ "$action" = put ]; then cat > "$work/file"; fi
assemble() { # folder to start from: makes the configuration as it will be
  rm -rf "$work/next"
  mkdir "$work/next"
  cp -r "$1/sites" "$work/next/"
  if [ -e "$1/Caddyfile" ]; then cp "$1/Caddyfile" "$work/next/"; fi
  if [ "$action" = put ]; then cp "$work/file" "$work/next/$target"; else rm -f "$work/next/$target"; fi
}
valid() { caddy validate --adapter caddyfile --config "$work/next/Caddyfile" > "$work/log" 2>&1; }
faults() { # log of Caddy's
  { grep -E '"level":"(error|fatal)"|^Error:' "$1" || cat "$1"; } | tail -n 5 | sed "s#$work/next/##g"
}
explain() {
  {
    echo "$target: $1. The configuration is as it was before. Caddy says:"
    faults "$work/log"
    if grep -q 'address already in use' "$work/log"; then
      echo "Another program holds a port of Caddy's. Stop it, or write other httpPort and httpsPort for this host."
    fi
  } >&2
  exit 1
}
assemble .
if ! valid; then
  mv "$work/log" "$work/fault"
  mkdir "$work/ran"
  if [ -s ${loadedArchive} ] && tar -xf ${loadedArchive} -C "$work/ran"; then assemble "$work/ran"; fi
  if ! valid; then
    mv "$work/fault" "$work/log"
    explain "is not valid"
  fi
  # Caddy names the line that it stumbles over, which may be in the next file.
  echo "$target is in place. Other files were changed by hand and are not valid; what ran before goes on:"
  for file in Caddyfile sites/*.caddy; do
    [ "$file" = "$target" ] || cmp -s "$file" "$work/ran/$file" || echo "$file"
  done
  faults "$work/fault"
fi
had=; if [ -e "$target" ]; then cp -p "$target" "$work/before"; had=1; fi
# Same file system, so the rename is atomic.
if [ "$action" = put ]; then cp "$work/file" "$target.new"; mv "$target.new" "$target"; else rm -f "$target"; fi
if ! caddy reload --adapter caddyfile --config "$work/next/Caddyfile" --address "unix/${adminSocket}" > "$work/log" 2>&1; then
  if [ -n "$had" ]; then cp -p "$work/before" "$target"; else rm -f "$target"; fi
  explain "could not be loaded"
fi
sha256sum < "$XDG_CONFIG_HOME/${autosave}" > "$work/next/running" || rm -f "$work/next/running"
tar -cf ${loadedArchive}.new -C "$work/next" .
mv ${loadedArchive}.new ${loadedArchive}
`;

/**
 * Runs in Caddy's container; a file that the next one names comes on stdin, `$1` is its path below the configuration
 * folder. Its content never changes, so nothing has to be swapped. Others of its folder go, except what Caddy runs.
 */
export const put = `set -eu
cd ${configFolder}
mkdir -p "\${1%/*}"
cat > "$1.new"
mv "$1.new" "$1"
for other in "\${1%/*}"/*; do
  [ "$other" = "$1" ] || cat Caddyfile ${loadedArchive} 2> /dev/null | grep -qF "$other" || rm -f "$other"
done
`;
