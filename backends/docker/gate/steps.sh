# Functions of gates: what a gate does with a container.

# The limit on processes is set here because the provider has no field for it (CIS 5.29).
limit() { # container, processes
  ask update --pids-limit "$2" "$1" >/dev/null 2>&1 ||
    [ "$(ask inspect --format '{{.HostConfig.PidsLimit}}' "$1")" = "$2" ] ||
    echo "$1: the engine refused a limit on processes"
}

# Networks are set here because the provider does not see that somebody has connected or disconnected a container.
joined() { # container, then of each of its networks: name, address, alias
  container=$1 others=$(ask inspect --format '{{range $name, $one := .NetworkSettings.Networks}}{{$name}} {{end}}' "$1")
  shift
  while [ $# -gt 0 ]; do
    case " $others" in
    *" $1 "*) others=$(echo " $others" | sed "s/ $1 / /") ;;
    *) ask network connect ${2:+--ip "$2"} ${3:+--alias "$3"} "$1" "$container" ;;
    esac
    shift 3
  done
  for network in $others; do ask network disconnect --force "$network" "$container"; done
}

# What the container has been through: its state, and how often the engine has started it again.
state() { # container
  ask inspect --format '{{.State.Status}} {{.RestartCount}}' "$1" || fail "$1" "is gone"
}

# Fails when the container can no longer become healthy. Restarts count from the gate's start: those of last month say
# nothing about now.
standing() { # container, its restarts before
  now=$(state "$1") || exit 1
  again=$((${now#* } - $2))
  case $now in
  paused*) ask unpause "$1" >/dev/null || true ;;
  exited* | dead*) fail "$1" "exited with code $(ask inspect --format '{{.State.ExitCode}}' "$1")" ;;
  running* | restarting* | created*)
    [ "$again" -lt 3 ] || fail "$1" "does not stay up: ${now% *}, started again $again times while this waited"
    ;;
  *) fail "$1" "does not stay up: ${now% *}" ;;
  esac
}

# Waits until the container's health check succeeds. It is run here, several times a second: the engine's own interval is
# long, because checks are what an idle tenant spends its processor on. The time is counted by the number of the checks'
# own limits and pauses, at the host's pace.
#
# `prepare` is work that the container's first request starts, such as making keys, and that a second request would start
# again: asked for once, with all the time that is left.
healthy() { # container, seconds, prepare (one word, or empty), health check
  container=$1 allowed=$2 prepare=$3 spent=0 why=
  shift 3
  before=$(state "$container") || exit 1
  before=${before#* } began=$(date +%s)
  until within 10 docker exec "$container" "$@" </dev/null >/dev/null 2>&1; do
    why=
    [ "$ended" != 124 ] || why=": its health check does not end"
    standing "$container" "$before"
    [ -z "$prepare" ] ||
      eval "within $((allowed - spent / 1000)) docker exec $container $prepare" </dev/null >/dev/null 2>&1 || true
    pace
    passed=$(($(date +%s) - began))
    began=$((began + passed)) spent=$((spent + passed * pace))
    [ "$spent" -lt "$((allowed * 1000))" ] || fail "$container" "is not healthy after $allowed s$why"
    sleep 0.3
  done
}

# Waits for a started step. After a minute it is one that waits for the database, and others need its place more.
finish() { # container, seconds
  code=$(within 60 docker wait "$1" </dev/null) || {
    leave_turn
    code=$(within "$2" docker wait "$1" </dev/null) ||
      fail "$1" "is not done after $2 s. It goes on, and the next pulumi up waits for it again"
  }
  [ "$code" = 0 ] || fail "$1" "failed with exit code $code"
}
