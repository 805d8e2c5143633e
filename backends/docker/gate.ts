import type { GateName } from "../../fleet/tenant/workload.ts";
import { line } from "../../hosts/shell.ts";
import { firewallContainer } from "./names.ts";
import type { Membership } from "./tenant.ts";

/** A container that exists on the host, by the id that the engine gave it. */
export interface GateContainer {
  readonly name: string;
  readonly id: string;
  readonly pidsLimit: number;
  /** All networks that it is in. */
  readonly memberships: readonly Membership[];
}

export interface GateService extends GateContainer {
  readonly health: readonly string[];
}

export interface GateScript {
  readonly gate: GateName;
  readonly await: readonly GateService[];
  readonly run: readonly GateContainer[];
  readonly timeoutSeconds: number;
}

const logLines = 15;

/**
 * The functions that a gate is made of. Health is asked by running the health check ourselves, several times
 * a second: the engine's own interval is long in steady state, because checks are what an idle tenant spends
 * its CPU on. The limit on processes is set here because the provider has no field for it (CIS 5.29), and networks
 * are, because it does not see that somebody has connected or disconnected a container.
 */
const functions = `set -eu
fail() { # container, what happened
  echo "$1: $2. Its last log lines:" >&2
  docker logs --tail ${logLines} "$1" >&2 </dev/null || true
  exit 1
}
limit() { # container, processes
  docker update --pids-limit "$2" "$1" </dev/null >/dev/null 2>&1 ||
    [ "$(docker inspect --format '{{.HostConfig.PidsLimit}}' "$1" </dev/null)" = "$2" ] ||
    echo "$1: the engine refused a limit on processes"
}
joined() { # container, then of each of its networks: name, address, alias
  container=$1 others=$(docker inspect --format '{{range $name, $one := .NetworkSettings.Networks}}{{$name}} {{end}}' "$1" </dev/null)
  shift
  while [ $# -gt 0 ]; do
    case " $others" in
    *" $1 "*) others=$(echo " $others" | sed "s/ $1 / /") ;;
    *) docker network connect \${2:+--ip "$2"} \${3:+--alias "$3"} "$1" "$container" </dev/null ;;
    esac
    shift 3
  done
  for network in $others; do docker network disconnect --force "$network" "$container" </dev/null; done
}
healthy() { # container, seconds, health check
  container=$1 end=$(($(date +%s) + $2)) allowed=$2
  shift 2
  until docker exec "$container" "$@" </dev/null >/dev/null 2>&1; do
    state=$(docker inspect --format '{{.State.Status}} {{.RestartCount}}' "$container" </dev/null) ||
      fail "$container" "is gone"
    case $state in
      "running "[012]|"restarting "[012]|created*) ;;
      paused*) docker unpause "$container" </dev/null >/dev/null || true ;;
      exited*) fail "$container" "exited with code $(docker inspect --format '{{.State.ExitCode}}' "$container" </dev/null)" ;;
      *) fail "$container" "does not stay up ($state restarts)" ;;
    esac
    [ "$(date +%s)" -lt "$end" ] || fail "$container" "is not healthy after $allowed s"
    sleep 0.3
  done
}
finish() { # container: waits for a started step
  code=$(docker wait "$1" </dev/null)
  [ "$code" = 0 ] || fail "$1" "failed with exit code $code"
}
`;

/**
 * The script of a gate, for `sh -s`. It names containers where people read and ids where it matters that this
 * very container is meant: a replaced container makes a new script, so the gate is passed anew.
 */
export function gateScript(gate: GateScript): string {
  return [
    functions,
    ...gate.await.map(({ health, ...container }) => [
      ...prepared(container),
      line("healthy", container.name, String(gate.timeoutSeconds), ...health),
    ]),
    // Side by side: each is mostly waiting for the database.
    ...gate.run.map((container) => [
      ...prepared(container),
      `${line("docker", "start", container.name)} </dev/null >/dev/null`,
    ]),
    ...gate.run.map(({ name }) => line("finish", name)),
    "",
  ]
    .flat()
    .join("\n");
}

const prepared = ({ name, id, pidsLimit, memberships }: GateContainer) => [
  `# ${name} ${id}`,
  line("limit", name, String(pidsLimit)),
  line(
    "joined",
    name,
    ...memberships.flatMap(({ network, address = "", alias = "" }) => [network, address, alias]),
  ),
];

/**
 * The firewall's gate prints `applied`. Where the rule cannot be set it fails, or, for a host that only wants
 * to be told, prints why not.
 */
export function firewallGate(id: string, health: readonly string[], policy: "require" | "report"): string {
  const check = line("healthy", firewallContainer, "20", ...health);
  const head = `${functions}\n# ${firewallContainer} ${id}\n`;
  if (policy === "require") return `${head}${check}\necho applied\n`;
  return `${head}if reason=$( (${check}) 2>&1 ); then echo applied; else echo "not applied: $reason"; fi\n`;
}
