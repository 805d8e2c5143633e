import { line } from "../../../hosts/shell.ts";
import type { CaddyFile } from "./acme.ts";
import { adminSocket } from "./places.ts";
import { put, swap } from "./swap.ts";
import { visitsFolder } from "./visitLog.ts";

/**
 * A host script that puts one file of Caddy's configuration in place, or removes it when the resource goes.
 *
 * @param caddy   name of Caddy's container
 * @param path    below the configuration folder: `Caddyfile`, `sites/acme.caddy`
 * @param content the whole file
 * @param onDelete what the end of the resource means: the file goes, and what Caddy has noted of visits with it, or stays with the host
 * @param beside  a file that it names, and whose own name tells its content: it is there before
 */
export function publishScript(
  caddy: string,
  path: string,
  content: string,
  onDelete: "remove" | "keep",
  beside?: CaddyFile,
): string {
  const exec = (script: string, ...args: string[]) =>
    line("docker", "exec", "-i", caddy, "sh", "-c", script, "sh", ...args);
  const inCaddy = (action: "put" | "remove") => exec(swap, path, action);
  const forget = exec(`rm -f ${visitsFolder}/"$1".*`, path.replace(/^.*\/|\.caddy$/g, ""));
  const before =
    beside === undefined ? "" : `${exec(put, beside.path)} <<'${endBeside}'\n${beside.content}${endBeside}\n`;
  return `set -eu
case $1 in
create)
${before}${inCaddy("put")} <<'${end}'
${content}${end}
;;
delete)
${onDelete === "remove" ? `${unlessGone(caddy)}\n${inCaddy("remove")} < /dev/null\n${forget} < /dev/null` : ":"}
;;
esac
`;
}

/** Seconds that a Caddy which was asleep may take until it can be spoken to. */
const wakeSeconds = 20;

/** The beginning of a script that needs Caddy: one that somebody has paused or stopped goes on. */
export const wakeScript = (caddy: string) => `case $1 in create)
  state=$(docker inspect --format '{{.State.Status}}' ${caddy} </dev/null) || {
    echo "container ${caddy} is gone. To make it again: pulumi up --refresh" >&2
    exit 1
  }
  case $state in
  paused) docker unpause ${caddy} </dev/null >/dev/null ;;
  exited) docker start ${caddy} </dev/null >/dev/null ;;
  esac
  end=$(($(date +%s) + ${wakeSeconds}))
  until docker exec ${caddy} test -S ${adminSocket} </dev/null; do
    [ "$(date +%s)" -lt "$end" ] || break
    sleep 0.3
  done ;;
esac
`;

/** A Caddy that somebody has removed must not keep a fleet from being removed. An engine that is silent may. */
const unlessGone = (caddy: string) =>
  `there=$(${line("docker", "ps", "--all", "--quiet", "--filter", `name=^${caddy}$`)})\n[ -n "$there" ] || exit 0`;

const end = "END_OF_CADDY_FILE";
const endBeside = "END_OF_FILE_BESIDE";

/** The files that a publishing script puts in place; none when it is another script. */
export function publishedFiles(script: string): CaddyFile[] {
  return [endBeside, end].flatMap((mark) => {
    const [, path, rest] = new RegExp(` sh (\\S+)(?: put)? <<'${mark}'\n([^]*)$`).exec(script) ?? [];
    return path === undefined || rest === undefined
      ? []
      : [{ path, content: rest.slice(0, rest.indexOf(`${mark}\n`)) }];
  });
}
