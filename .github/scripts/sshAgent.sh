#!/usr/bin/env bash
# start: holds the key $FLEET_SSH_KEY in an agent for the later steps of this job; without a key, does nothing.
# stop: ends that agent, and what it has opened. A self-hosted runner goes on after the job, and so would the key.
set -euo pipefail

socket=$RUNNER_TEMP/fleet-agent.sock
pid=$RUNNER_TEMP/fleet-agent.pid

case ${1:-} in
  start)
    [ -n "${FLEET_SSH_KEY:-}" ] || exit 0
    # Only the agent's memory ever holds the key: no file, and no argument that `ps` shows.
    ssh-agent -a "$socket" | sed -n 's/^SSH_AGENT_PID=\([0-9]*\).*/\1/p' >"$pid"
    # A key pasted into a secret easily loses its last newline, without which ssh-add refuses it.
    printf '%s\n' "$FLEET_SSH_KEY" | SSH_AUTH_SOCK=$socket ssh-add -q -
    echo "SSH_AUTH_SOCK=$socket" >>"$GITHUB_ENV"
    ;;
  stop)
    if [ -s "$pid" ]; then kill "$(cat "$pid")" || true; fi
    rm -f "$pid" "$socket"
    # Connections to hosts are shared, and kept for half a minute (hosts/ssh/ssh_config): whoever comes next would need no key.
    # This one takes nobody any more; what is under way on it comes to its end.
    { find "${HOME:-/nowhere}/.olympus" -type s 2>/dev/null || true; } | while read -r connection; do
      ssh -O stop -o ControlPath="$connection" olympus </dev/null 2>/dev/null || true
    done
    ;;
  *)
    echo "usage: sshAgent.sh start|stop" >&2
    exit 2
    ;;
esac
