# Functions of gates: what a gate does with a container.

# The limit on processes is set here because the provider has no field for it (CIS 5.29).
limit() { # container, processes
  ask update --pids-limit "$2" "$1" >/dev/null 2>&1 ||
    [ "$(ask inspect --format '{{.HostConfig.PidsLimit}}' "$1")" = "$2" ] ||
    echo "$1: the engine refused a limit on processes"
}

# Networks are set here because the provider does not see that somebody has connected or disconnected a container.
gone() { # what is not there
  echo "$1 is gone. To make it again: pulumi up --refresh" >&2
  exit 1
}

joined() { # container, then of each of its networks: name, address, alias
  format='{{range $name, $one := .NetworkSettings.Networks}}{{$name}}={{$one.NetworkID}} {{end}}'
  container=$1 others=$(ask inspect --format "$format" "$1") || gone "container $1"
  shift
  while [ $# -gt 0 ]; do
    id=$(ask network inspect --format '{{.ID}}' "$1") || gone "network $1"
    case " $others" in
    # Where it has never run Docker knows no id, and Podman says the name.
    *" $1=$id "* | *" $1=$1 "* | *" $1= "*) ;;
    *)
      # A container that has ended keeps the id of a network that was removed and made again, and would not start.
      case " $others" in *" $1="*) ask network disconnect --force "$1" "$container" ;; esac
      ask network connect ${2:+--ip "$2"} ${3:+--alias "$3"} "$1" "$container"
      ;;
    esac
    others=$(echo " $others" | sed "s/ $1=[^ ]* / /")
    shift 3
  done
  for other in $others; do ask network disconnect --force "${other%%=*}" "$container"; done
}

# What the container has been through: its state, and how often the engine has started it again.
state() { # container
  ask inspect --format '{{.State.Status}} {{.RestartCount}}' "$1" || gone "container $1"
}

# Fails when the container can no longer become healthy. Restarts count from the gate's start: those of last month say
# nothing about now.
standing() { # container, its restarts before
  now=$(state "$1") || exit 1
  again=$((${now#* } - $2))
  case $now in
  paused*) ask unpause "$1" >/dev/null || true ;;
  exited* | dead*)
    # Stopped by hand: containers of ours start again by themselves.
    [ -z "$woken" ] || fail "$1" "exited with code $(ask inspect --format '{{.State.ExitCode}}' "$1")"
    woken=1
    ask start "$1" >/dev/null || fail "$1" "does not start"
    ;;
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
  container=$1 allowed=$2 prepare=$3 spent=0 why= woken=
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

# Runs what proves that a healthy container does its work. The reason is the program's own, and no secret is in it.
proven() { # container, command
  container=$1
  shift
  said=$(within 30 docker exec "$container" "$@" </dev/null 2>&1) && return
  why=$(echo "$said" | grep -E '(ERROR|FATAL|PANIC): ' | head -n 1 | sed -E 's/^.*(ERROR|FATAL|PANIC): +//')
  fail "$container" "is healthy and cannot be written: ${why:-${said:-that does not end}}"
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
