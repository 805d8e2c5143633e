import { firewall } from "../../backends/docker/firewall.ts";
import { firewallContainer } from "../../backends/docker/names.ts";
import type { EngineKind } from "../../hosts/engines.ts";
import { line, quote } from "../../hosts/shell.ts";

/** What the script needs to know before it looks. */
export interface ProbeQuestions {
  readonly engine: EngineKind;
  /** Socket on which the engine should listen, `/var/run/docker.sock`. */
  readonly socket: string;
  /** Folder in which the engine keeps images and volumes; it need not exist yet. */
  readonly dataRoot: string;
  /** Addresses that the host must be able to open: `https://acme-v02.api.letsencrypt.org/directory`. */
  readonly urls: readonly { readonly url: string; readonly isPrivatelySigned: boolean }[];
}

/** Most lines of a list that are printed: a router may have a hundred thousand routes. */
const listLimit = 2000;

/**
 * A script for `sh -s` that prints what a machine is like, one fact per line as `name=value`; a list is a name that
 * comes several times. It runs under dash and busybox, changes nothing, and works without root; what only root
 * sees is left out. Whatever could hang has a time limit. Everything is one function, so half a script does nothing,
 * and `end=1` is the sign that the whole of it has run.
 */
export function probeScript({ engine, socket, dataRoot, urls }: ProbeQuestions): string {
  const opened = urls.map(
    ({ url, isPrivatelySigned }) => `  opens ${quote(url)} ${isPrivatelySigned ? "-k" : "''"} &`,
  );
  return `${functions}
main() {
${facts(engine, quote(socket), quote(dataRoot))}
${opened.join("\n")}
  wait
  say end 1
}
main </dev/null 2>/dev/null
`;
}

const functions = `set -u
export LC_ALL=C
say() { printf '%s=%s\\n' "$1" "$2"; }
each() { # name: every line of stdin
  head -n ${listLimit} | while IFS= read -r line; do say "$1" "$line"; done
}
have() { command -v "$1" >/dev/null; }
if timeout 1 true 2>/dev/null; then limited() { timeout "$@"; }; else limited() { shift; "$@"; }; fi
opens() { # address, -k for a certificate that only Caddy is told to trust
  if have curl; then
    limited 10 curl -sS -o /dev/null -m 8 $2 "$1" 2>/dev/null
    say url "curl $? $1"
  elif have wget; then
    if [ "$2" = -k ]; then set -- "$1" --no-check-certificate; else set -- "$1"; fi
    url=$1
    shift
    limited 10 wget -q -O /dev/null "$@" "$url"
    say url "wget $? $url"
  fi
}`;

/** Of sshd, in lower case: what our way of connecting depends on. */
const settings = "maxsessions";

/** As the program's scripts call it: `engines` has the same for them, as a function, which no time limit takes. */
const called: Readonly<Record<EngineKind, string>> = {
  docker: "docker",
  podman: 'podman --url "unix://$socket"',
};

/** What Podman does not tell Docker's API. */
const podmanFacts = `  say podman.networks "$(limited 10 ${called.podman} info --format '{{.Host.NetworkBackend}}')"
  cat /etc/containers/containers.conf /etc/containers/containers.conf.d/*.conf | grep -E '^ *pids_limit' | each podman.pids
`;

/** The rules themselves, not what the engine last saw of them; a flush is given three seconds to be put right. */
const guarded = (
  engine: EngineKind,
) => `  guarded() { limited 5 ${called[engine]} exec ${firewallContainer} ${line(...firewall(engine).health)}; }
  if [ "$(limited 5 ${called[engine]} inspect --format '{{.State.Running}}' ${firewallContainer})" = true ]; then
    if guarded || { sleep 1; guarded; } || { sleep 2; guarded; }; then say guarded yes; else say guarded no; fi
  fi
`;

/** Files and commands of Linux, the same on every distribution; where there are two ways, both are tried. */
const facts = (engine: EngineKind, socket: string, dataRoot: string) => `  say clock "$(date +%s)"
  socket=${socket}
  # As the program's own scripts find it, before administrators' folders are added.
  say command.path "$(command -v ${engine})"
  if have ${engine}; then limited 10 ${called[engine]} version --format '{{.Server.APIVersion}}' 2>&1 | each command.answer; fi
  say docker.path "$(command -v docker)"
${engine === "podman" ? podmanFacts : ""}${guarded(engine)}  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
  say user.name "$(id -un)"
  say user.id "$(id -u)"
  say user.groups "$(id -Gn)"
  if [ -S "$socket" ]; then say socket present; elif [ -e "$socket" ]; then say socket other; else say socket absent; fi
  if [ -w "$socket" ]; then say socket.writable yes; fi
  if [ -e "$socket" ]; then say socket.owner "$(ls -ldL "$socket" | awk '{ print $1, $3, $4 }')"; fi

  say system "$(. /etc/os-release && printf %s "$PRETTY_NAME")"
  say architecture "$(uname -m)"
  say kernel.release "$(uname -r)"
  say memory.kib "$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)"

  folder=${dataRoot}
  until [ -e "$folder" ]; do
    folder=\${folder%/*}
    [ -n "$folder" ] || folder=/
  done
  say disk.folder "$folder"
  say disk.space "$(limited 5 df -Pk "$folder" | awk 'NR == 2 { print $2, $4 }')"
  say disk.inodes "$(limited 5 df -Pi "$folder" | awk 'NR == 2 { print $2, $4 }')"

  for setting in tcp_migrate_req tcp_syn_retries; do
    say "setting.$setting" "$(cat /proc/sys/net/ipv4/$setting)"
  done
  say forwarding "$(cat /proc/sys/net/ipv4/ip_forward)"
  if have ip; then
    ip -4 route show table all | each route
    ip -o address show | each address
  else
    awk 'NR > 1 { print $1, $2, $8 }' /proc/net/route | each route.hex
    hostname -I | tr ' ' '\\n' | each address.plain
  fi
  for family in tcp tcp6; do
    awk '$4 == "0A" { print $2, $8 }' /proc/net/$family | each listener
  done
  for family in udp udp6; do
    awk '$4 == "07" { print $2, $8 }' /proc/net/$family | each listener.udp
  done
  if have ss; then ss -Hltnp | grep users: | each holder; elif have netstat; then netstat -ltnp | grep / | each holder; fi

  if have iptables; then say iptables "$(limited 5 iptables --version)"; fi
  say ufw "$(sed -n 's/^ENABLED=//p' /etc/ufw/ufw.conf)"
  if [ "$(id -u)" = 0 ] && have ufw; then limited 5 ufw status | each ufw.rule; fi
  if have firewall-cmd; then
    say firewalld "$(limited 5 systemctl is-active firewalld)"
    say firewalld.open "$(limited 5 firewall-cmd --list-services) $(limited 5 firewall-cmd --list-ports)"
  fi

  say time.synchronised "$(limited 5 timedatectl show -p NTPSynchronized --value)"
  say time.chrony "$(limited 5 chronyc -c tracking | awk -F, '{ print $14 }')"

  if [ -d /run/systemd/system ]; then
    for unit in docker.service docker.socket podman.socket podman.service podman-restart.service; do
      say unit "$unit $(limited 5 systemctl is-enabled "$unit") $(limited 5 systemctl is-active "$unit")"
    done
  elif have rc-update; then
    rc-update show default | awk '{ print $1 }' | each openrc
  fi
  say daemon.file "$(tr '\\n\\r\\t' '   ' < /etc/docker/daemon.json)"
  for file in $(grep -l dockerd /proc/[0-9]*/cmdline); do
    process=$(tr '\\0' ' ' < "$file")
    case $process in dockerd\\ *|*/dockerd\\ *) say daemon.arguments "$process" ;; esac
  done

  from=\${SSH_CONNECTION:-}
  if [ -n "$from" ]; then
    if [ "$(id -u)" = 0 ]; then
      limited 5 sshd -T -C "user=$(id -un),host=\${from%% *},addr=\${from%% *}" | grep -iE '^(${settings})' | each sshd.effective
    fi
    cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config |
      grep -iE '^[[:space:]]*(match|${settings})[[:space:]]' | each sshd.written
    if [ -r /etc/ssh/sshd_config ]; then say sshd.readable yes; fi
  fi`;
