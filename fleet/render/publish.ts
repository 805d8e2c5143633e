import { adminSocket } from "./caddy.ts";
import { line } from "./shell.ts";

/** Caddy's configuration folder inside its container, a volume. */
export const configFolder = "/etc/caddy";

/**
 * Runs in Caddy's container; the new file comes on stdin, `$1` is its path below the configuration folder and
 * `$2` is `put` or `remove`. The whole configuration is checked as it will be before anything of it changes,
 * and on any failure the old file is what stays: on disk, so that a restart of Caddy finds a good one, and in
 * the running Caddy, which never drops a connection for a reload.
 */
const swap = `set -eu
cd ${configFolder}
# One at a time: each check must see what the one before wrote.
exec 9> /run/caddy/lock
flock 9
candidate=$(mktemp -d /tmp/candidate.XXXXXX)
trap 'rm -rf "$candidate"' EXIT
cp -r Caddyfile sites "$candidate/"
target=$1 candidate_file=$candidate/$1
explain() {
  echo "$target: $1. The configuration is as it was before. Caddy says:" >&2
  grep -E '"level":"(error|fatal)"|^Error:' "$candidate/log" | tail -n 5 >&2 || tail -n 5 "$candidate/log" >&2
  if grep -q 'address already in use' "$candidate/log"; then
    echo "Another program holds a port of Caddy's. Stop it, or write other httpPort and httpsPort for this host." >&2
  fi
  exit 1
}
if [ "$2" = put ]; then cat > "$candidate_file"; else rm -f "$candidate_file"; fi
caddy validate --adapter caddyfile --config "$candidate/Caddyfile" > "$candidate/log" 2>&1 ||
  explain "is not valid"
had=; if [ -e "$target" ]; then cp -p "$target" "$candidate/before"; had=1; fi
# Same file system, so the rename is atomic.
if [ "$2" = put ]; then cp "$candidate_file" "$target.new"; mv "$target.new" "$target"; else rm -f "$target"; fi
if ! caddy reload --adapter caddyfile --config Caddyfile --address "unix/${adminSocket}" > "$candidate/log" 2>&1; then
  if [ -n "$had" ]; then cp -p "$candidate/before" "$target"; else rm -f "$target"; fi
  explain "could not be loaded"
fi
`;

/**
 * A host script that puts one file of Caddy's configuration in place, or removes it when the resource goes.
 *
 * @param caddy   name of Caddy's container
 * @param path    below the configuration folder: `Caddyfile`, `sites/acme.caddy`
 * @param content the whole file
 * @param onDelete what the end of the resource means: the file goes, or stays with the host
 */
export function publishScript(
  caddy: string,
  path: string,
  content: string,
  onDelete: "remove" | "keep",
): string {
  const end = "END_OF_CADDY_FILE";
  const inCaddy = (action: "put" | "remove") =>
    line("docker", "exec", "-i", caddy, "sh", "-c", swap, "sh", path, action);
  return `set -eu
case $1 in
create)
${inCaddy("put")} <<'${end}'
${content}${end}
;;
delete)
${onDelete === "remove" ? `${inCaddy("remove")} < /dev/null` : ":"}
;;
esac
`;
}

/** Starts Caddy; on a new volume with nothing but the admin socket, until the first file is published. */
export const caddyStart = `set -eu
mkdir -p ${configFolder}/sites
[ -s ${configFolder}/Caddyfile ] || printf '{\\n\\tadmin unix/${adminSocket}\\n\\tskip_install_trust\\n}\\n' > ${configFolder}/Caddyfile
rm -f ${adminSocket}
exec caddy run --adapter caddyfile --config ${configFolder}/Caddyfile
`;
