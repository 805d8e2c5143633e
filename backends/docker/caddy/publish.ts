import { line } from "../../../hosts/shell.ts";
import type { CaddyFile } from "./acme.ts";
import { put, swap } from "./swap.ts";

/**
 * A host script that puts one file of Caddy's configuration in place, or removes it when the resource goes.
 *
 * @param caddy   name of Caddy's container
 * @param path    below the configuration folder: `Caddyfile`, `sites/acme.caddy`
 * @param content the whole file
 * @param onDelete what the end of the resource means: the file goes, or stays with the host
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
  const before =
    beside === undefined ? "" : `${exec(put, beside.path)} <<'${endBeside}'\n${beside.content}${endBeside}\n`;
  return `set -eu
case $1 in
create)
${before}${inCaddy("put")} <<'${end}'
${content}${end}
;;
delete)
${onDelete === "remove" ? `${unlessGone(caddy)}\n${inCaddy("remove")} < /dev/null` : ":"}
;;
esac
`;
}

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
