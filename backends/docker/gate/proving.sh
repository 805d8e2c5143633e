# Functions of gates: what a gate asks for beyond health. A service can answer its health check and do nothing else.

# What containers are, a line each: name, state, how often the engine has started it again, id, start.
lives() { # containers
  format='{{.Name}} {{.State.Status}} {{.RestartCount}} {{.Id}} {{.State.StartedAt}}'
  # One that is gone is told by name.
  said=$(ask inspect --format "$format" "$@" 2>/dev/null) || for one in "$@"; do state "$one" >/dev/null; done
  echo "$said" | sed 's|^/||'
}

# Remembers what services are now, for `unmoved`.
watch() { # containers
  watched=$* lived=$(lives "$@") || exit 1
}

# Fails when one of those that are watched does not run, is another container, or was started again since. It may look
# healthy: nothing that was tried of the one before is true of it.
unmoved() {
  moved=$(lives $watched) || exit 1
  while read -r name was before life <&7; do
    read -r _ is again now <<END
$(echo "$moved" | grep "^$name ")
END
    [ "$is" = running ] || fail "$name" "does not stay up: $is"
    [ "$again" -le "$before" ] || fail "$name" "does not stay up: it was started again while this gate was at work"
    # The gate itself starts one that somebody has stopped.
    [ "$was" != running ] || [ "$life" = "$now" ] ||
      fail "$name" "was replaced or started again by somebody while this gate was at work"
  done 7<<END
$lived
END
}

# Has one of a tenant's containers try what people and applications do. Several times: a service may just have lost its
# connections to a database that is a new one.
tried() { # prefix of the tenant's containers, container, command
  prefix=$1 container=$2 tries=1
  shift 2
  until said=$(within 60 docker exec "$container" "$@" </dev/null 2>&1); do
    if [ "$tries" = 5 ]; then
      fault=$(echo "$said" | sed -n 's/^fault: //p' | head -n 1)
      [ -n "$fault" ] || fail "$container" "cannot try the tenant: $(echo "${said:-that does not end}" | tail -n 1)"
      fail "$prefix${fault%% *}" "is healthy and ${fault#* }"
    fi
    tries=$((tries + 1))
    sleep 2
  done
}

# Runs what ends a gate, and prints what that prints.
concluded() { # container, command
  container=$1
  shift
  said=$(within 30 docker exec "$container" "$@" </dev/null 2>&1) ||
    fail "$container" "is healthy and does not do the last thing that it is asked for: ${said:-that does not end}"
  echo "$said"
}
