# Functions of gates: waiting with a limit, and a host's queue. They go before a gate's own script on its way to the
# host, and are no part of it: a change of them passes no gate again.
set -eu

# nproc is not everywhere; a host with one core still has two gates at work, since a gate waits more than it works.
cores=$(nproc 2>/dev/null || echo 2)
[ "$cores" -ge 2 ] || cores=2

# Thousandths of a second that count for the second just past. While more wants to run than the host has cores, each gets
# a part of one, and a limit that was measured on a quiet host would be over too soon. A fifth at least, so that what
# hangs on a crowded host ends as well.
pace() {
  read -r load _ _ tasks _ </proc/loadavg
  wanted=${load%.*}
  [ "$wanted" -ge "${tasks%/*}" ] || wanted=${tasks%/*}
  pace=1000
  [ "$wanted" -le "$cores" ] || pace=$((1000 * cores / wanted))
  [ "$pace" -ge 200 ] || pace=200
}

# Ends a call when its seconds are over. It holds neither the caller's output open nor its place in the queue.
countdown() { # seconds, process
  exec >/dev/null 2>&1 8>&- 9>&-
  left=$(($1 * 1000))
  while [ "$left" -gt 0 ]; do
    sleep 1
    pace
    left=$((left - pace))
  done
  kill -9 "$2"
}

# Runs a command of the engine, for so many seconds at most: an engine or a program that hangs must not hang the run.
within() { # seconds, command; 124 when they were over
  seconds=$1
  shift
  # In the place of a subshell, also where `docker` is a function (hosts/engines.ts): the process to end is the program.
  instead=exec "$@" 8>&- 9>&- &
  call=$!
  countdown "$seconds" "$call" &
  clock=$!
  ended=0
  wait "$call" 2>/dev/null || ended=$?
  kill "$clock" 2>/dev/null || true
  [ "$ended" != 137 ] || ended=124
  return "$ended"
}

# One question to the engine, or one small change.
ask() {
  within 60 docker "$@" </dev/null && return
  [ "$ended" != 124 ] || echo "the engine does not answer: docker $1 took more than 60 s" >&2
  return "$ended"
}

# Waits until fewer gates are at work on this host than it has cores: what starts costs seconds of a core each (initdb,
# migrations, keys), and if all did at once, none would be there in time. One waits for a place, the others for their turn
# to wait, without using the processor. The kernel frees a place when its gate ends, however it ends. A host without flock,
# or with somebody else's folder there, has no queue.
take_turn() {
  queue=${TMPDIR:-/tmp}/olympus-fleet-$(id -u)
  mkdir -m 700 "$queue" 2>/dev/null || true
  if [ -L "$queue" ] || [ ! -O "$queue" ] || ! command -v flock >/dev/null; then return 0; fi
  exec 8>"$queue/next"
  flock 8
  place=1
  exec 9>"$queue/$place"
  until flock -n 9; do
    place=$((place % cores + 1))
    [ "$place" != 1 ] || sleep 0.2
    exec 9>"$queue/$place"
  done
  exec 8>&-
}

# For the next; the rest of the gate is long, and mostly waiting.
leave_turn() { exec 9>&-; }
