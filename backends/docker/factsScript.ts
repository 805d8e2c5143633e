import { managedBy } from "../../fleet/names.ts";
import { type EngineKind, engines } from "../../hosts/engines.ts";
import { line, quote } from "../../hosts/shell.ts";
import { configFolder } from "./caddy/places.ts";
import { autosave, loadedArchive } from "./caddy/swap.ts";
import { firewall } from "./firewall.ts";
import { caddyContainer, firewallContainer } from "./names.ts";

/** The volume of Caddy's configuration folder. */
export const configVolume = "olympus-caddy-config";

/** Seconds that a missing rule is given to come back: the firewall looks every second, on a host that is not busy. */
const ruleSeconds = 12;

/** Runs in Caddy's container: digests of the files, of what Caddy runs, and of what a reload has loaded last. */
const listing = `cd ${configFolder} || exit
sha256sum Caddyfile sites/*.caddy roots/* 2>/dev/null | sed 's/^/file=/'
echo listed=1
sha256sum < "$XDG_CONFIG_HOME/${autosave}" | sed 's/ .*//; s/^/running=/'
tar -xOf ${loadedArchive} ./running | sed 's/ .*//; s/^/loaded=/'`;

/** Engines separate networks by different signs, and Podman's states have several words: "Up 4 seconds ago". */
const containerFormat = "container={{.ID}} {{.Names}} [{{.Networks}}] {{.State}} {{.Status}}";

/** Only what bears this program's label. */
const ours = ["--filter", `label=olympus-fleet.managed-by=${managedBy}`];

/** Without the output of a check, which may be anything. */
const checkFormat =
  "{{if .State.Health}}check={{.Name}} {{.State.StartedAt}} " +
  '{{printf "%d" .Config.Healthcheck.Interval}} {{range .State.Health.Log}}{{json .End}} {{end}}{{end}}';

/** Of Podman, systemd's timers ask for health, and no restart of an engine ends them. */
const checks: Readonly<Record<EngineKind, string>> = {
  docker: `ours=$(docker ps --quiet --filter ${quote(`label=olympus-fleet.managed-by=${managedBy}`)})
  [ -z "$ours" ] || docker inspect --format ${quote(checkFormat)} $ours`,
  podman: ":",
};

/**
 * A script for `sh -s` that prints what a host has of what Pulumi cannot read: Caddy's files, what Caddy runs, the
 * firewall's rules, which containers, networks and volumes there are, and when health was looked at. One fact per line
 * as `name=value`, `end=1` when it has
 * come to its end. It changes nothing, and says nothing about what it cannot ask. Half a second; a missing rule is
 * waited for.
 */
export const hostFactsScript = (engine: EngineKind) => `set -u
export LC_ALL=C
${engines[engine].prelude}say() { printf '%s=%s\\n' "$1" "$2"; }
files() { # state of Caddy's container
  case $1 in
  running* | Up*) ${line("docker", "exec", caddyContainer, "sh", "-c", listing)} ;;
  '')
    volumes=$(docker volume ls --quiet --filter name=${configVolume}) || return
    [ -n "$volumes" ] || say listed 1
    ;;
  esac
}
rule() { # state of the firewall's container
  case $1 in running* | Up*) ;; *) return ;; esac
  patience=$(($(date +%s) + ${ruleSeconds}))
  until ${line("docker", "exec", firewallContainer, ...firewall(engine).health)} >/dev/null; do
    if [ "$(date +%s)" -ge "$patience" ]; then say rule missing; return; fi
    sleep 1
  done
  say rule set
}
things() {
  docker network ls --no-trunc --format 'network={{.ID}} {{.Name}}' || return
  docker volume ls --format 'volume={{.Name}}' || return
  ${line("docker", "ps", "--all", "--no-trunc", ...ours, "--format", "ours={{.ID}}")} || return
  ${line("docker", "network", "ls", "--no-trunc", ...ours, "--format", "ours={{.ID}}")} || return
  volumes=$(${line("docker", "volume", "ls", "--quiet", ...ours)}) || return
  [ -z "$volumes" ] || docker volume inspect --format 'owner={{.Name}} {{index .Labels "olympus-fleet.tenant"}}' $volumes
}
checks() {
  ${checks[engine]}
}
main() {
  containers=$(docker ps --all --no-trunc --format ${quote(containerFormat)}) || exit 1
  things=$(things) || exit 1
  say asked "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  printf '%s\\n' "$containers" "$things"
  state() { printf '%s\\n' "$containers" | sed -n "s/^[^ ]* $1 .*] //p"; }
  checks &
  files "$(state ${caddyContainer})" &
  rule "$(state ${firewallContainer})" &
  wait
  say end 1
}
main </dev/null 2>/dev/null
`;
