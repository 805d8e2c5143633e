import type { EngineKind } from "../../hosts/engines.ts";
import { line } from "../../hosts/shell.ts";
import { type Table, tables } from "./firewallRules.ts";
import { firewallContainer } from "./names.ts";

/** Seconds between looks at the rules, which somebody may have flushed. A look takes about 10 ms of one core. */
const lookSeconds = 1;

/** Names of our chains begin with it. No other rule of the host names it. */
export const chainPrefix = "OLYMPUS-";

/** The rules as the firewall has set them, printed by the kernel: what health is held against. In memory. */
const heldFile = "/run/olympus-rules";

/** What the firewall of a host runs. */
export interface Firewall {
  /**
   * Keeps the rules for as long as it runs. It leaves them there when it ends: tenants go on running while its container
   * is replaced. As a container with a restart policy it comes back with the engine after a reboot, and needs neither
   * root on the host nor a place in its boot scripts.
   */
  readonly loop: string;
  readonly health: readonly [string, string, string];
  /** Takes the rules away, once no tenant is left. */
  readonly withdraw: string;
}

export function firewall(engine: EngineKind): Firewall {
  const all = tables(engine);
  const known = seen(all);
  const same = `[ -s ${heldFile} ] && [ "$(present)" = "$(cat ${heldFile})" ]`;
  return {
    loop: loop(all),
    health: ["sh", "-c", `${known}${same}`],
    withdraw: `${known}${all.map(withdrawn).join("")}`,
  };
}

/** The script of a firewall that has gone for good; it says so when rules stay. */
export function withdrawScript(engine: EngineKind, image: string): string {
  const rights = ["--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--security-opt", "no-new-privileges"];
  const run = ["docker", "run", "--rm", "--network", "host", "--user", "0:0", ...rights, "--read-only"];
  const sh = ["--tmpfs", "/run", "--entrypoint", "sh", image, "-c", firewall(engine).withdraw];
  // Not by the container itself: it may have been stopped, or be restarting.
  return `${line("docker", "stop", firewallContainer)} </dev/null >/dev/null 2>&1 || true
${line(...run, ...sh)} </dev/null >/dev/null ||
  echo "${firewallContainer}: its rules stay until the host's next boot" >&2
`;
}

/** Shell functions that print what the kernel has of ours. */
const seen = (all: readonly Table[]) => `rules() { # tool, table
  "$1-save" -t "$2" 2>/dev/null | grep -e '^-A .*${chainPrefix}'
}
present() {
${all.map(({ tool, table }) => `  echo ${tool} ${table}; rules ${tool} ${table}`).join("\n")}
}
jumps() { # tool, table: a line for each jump to a chain of ours, to be taken away
  rules "$1" "$2" | sed -n '/^-A [A-Z]* -j ${chainPrefix}[A-Z]*$/s/^-A/-D/p'
}
`;

const name = ({ hook }: Table["chains"][number]) => `${chainPrefix}${hook}`;

/** One transaction: at no time is a rule missing, and jumps that were there twice are there once. */
const applied = ({ tool, table, chains }: Table) => `{
  cat <<END
*${table}
${chains.map((chain) => `:${name(chain)} - [0:0]`).join("\n")}
${chains.flatMap((chain) => chain.rules.map((rule) => `-A ${name(chain)} ${rule}`)).join("\n")}
$(jumps ${tool} ${table})
${chains.map((chain) => `-I ${chain.hook} -j ${name(chain)}`).join("\n")}
COMMIT
END
} | ${tool}-restore --noflush --wait=5`;

/** Leaves a table alone in which nothing of ours is. */
const withdrawn = ({ tool, table, chains }: Table) => `if rules ${tool} ${table} >/dev/null; then {
  cat <<END
*${table}
${chains.map((chain) => `:${name(chain)} - [0:0]`).join("\n")}
$(jumps ${tool} ${table})
${chains.map((chain) => `-X ${name(chain)}`).join("\n")}
COMMIT
END
} | ${tool}-restore --noflush --wait=5; fi
`;

/** Lines that a table has of ours: the rules, and a jump for each chain. */
const size = ({ chains }: Table) => chains.reduce((sum, { rules }) => sum + rules.length + 1, 0);

/**
 * Whether the kernel has a table: asked by a change that no flush can meet, since it names nothing that is there. To list
 * the table would not do: iptables on nf_tables shows an empty one also where none can be made.
 */
const isThere = ({ tool, table }: Table) =>
  `printf '*${table}\\n:${chainPrefix}TRY - [0:0]\\n-X ${chainPrefix}TRY\\nCOMMIT\\n' | ${tool}-restore --noflush --wait=5 2>/dev/null`;

/**
 * A table that the kernel lacks may be missing. One that it has may not, even if setting it failed: somebody flushed it
 * in that moment, and the next look sets it.
 */
function setTable(table: Table): string {
  const set = `${applied(table)} && wanted=$((wanted + ${size(table)}))`;
  return table.isRequired
    ? `{ ${set}; } || return 1`
    : `{ ${set}; } 2>/dev/null || ! ${isThere(table)} || again=yes`;
}

const loop = (all: readonly Table[]) => `set -u
${seen(all)}held='' kind=none
look() {
  # Where the kernel shows iptables also what stays within a bridge. It may begin to while the host is up.
  if [ -e /proc/sys/net/bridge ]; then routed='-m physdev ! --physdev-is-bridged'; else routed=; fi
  [ "$kind" = "$routed" ] && [ -n "$held" ] && [ "$(present)" = "$held" ] && return
  wanted=0 again=
${all.map(setTable).join("\n")}
  kind=$routed held=$(present)
  # Flushed in that moment: not what is to be held.
  [ "$(printf '%s\\n' "$held" | grep -c '^-A')" -ge "$wanted" ] && [ -z "$again" ] || held=
  printf '%s\\n' "$held" > ${heldFile}.new && mv ${heldFile}.new ${heldFile}
}
trap 'exit 0' TERM INT
# A second try at once: a flush between reading the rules and setting them makes the first one fail.
while look || look; do
  sleep ${lookSeconds} &
  wait $!
done
echo "the rules could not be set" >&2
exit 1
`;
