# Gives an ssh its turn on one of the connections to a host. Run by `Match exec` in ssh_config, before ssh does anything
# else, as a child of the ssh that asks. $1 is `take`, $2 the HostKeyAlias, $3 the name of this machine, $4 the user's home.
#
# sshd takes ten sessions on a connection (MaxSessions), and of connections that are opened at the same time it drops
# some (MaxStartups). So eight share one, since sshd counts a session that ends for a moment longer; the ninth opens
# another, while all others wait; and where the first could not be opened nobody tries again for a while: dozens of
# failed logins get an address banned.
#
# A turn is a file that bears the number of the connection and the process whose turn it is. It ends with the process,
# however that ends.
set -u
umask 077

answer=${HOME:-$4}/.olympus/turn

# `taken`, asked by what `tell` has written: is it for the ssh that reads it? $5 is its HostKeyAlias, $6 its process.
if [ "$1" = taken ]; then
  [ "$2" = "$5" ] && [ "$6" = "$PPID" ] || exit 1
  rm -f "$answer"
  exit 0
fi

# A jump host on the way is the user's own business.
case $2 in olympus-*) ;; *) exit 1 ;; esac

folder=$4/.olympus/$3/$2 host=$2 here=$3
sessions=8 connections=32
# Seconds. Less than ControlPersist: what was opened since then would still be there.
pause=25
# Who has waited so often, 15 seconds in all, goes on by himself.
patience=75

# To ssh a plain "no" would mean: go on without sharing.
refuse() {
  echo "$1" >&2
  kill "$PPID"
  exit 1
}

# An ssh that was killed leaves its turn, and its number may be another program's by now, or after a reboot. Whose ssh is
# killed while it asks has the first process for a parent.
is_alive() {
  kill -0 "$1" 2>/dev/null || return 1
  name=
  if [ -d /proc/self ]; then
    { read -r name <"/proc/$1/comm"; } 2>/dev/null
  else
    name=$(ps -o comm= -p "$1" 2>/dev/null)
  fi
  case $name in *ssh) ;; *) return 1 ;; esac
}

# Whether there is room for one more on connection $1. Who comes makes his file first and counts then, so that two who
# come at once both see each other, and leave.
take() {
  : >"$folder/$1-$PPID"
  taken=0
  for turn in "$folder/$1"-*; do
    if is_alive "${turn##*-}"; then taken=$((taken + 1)); else rm -f "$turn"; fi
  done
  if [ -S "$folder/$1" ]; then
    [ "$taken" -gt "$sessions" ] || return 0
  elif [ "$taken" -eq 1 ]; then
    may_open "$1"
    return 0
  else
    opening=$1
  fi
  rm -f "$folder/$1-$PPID"
  return 1
}

# Connection $1 is closed, and it is for us to open it. Only the first one tells how the host is: of others, an ssh may
# have been ended before it was through, since its caller no longer needed it.
may_open() {
  for other in "$folder"/*; do
    [ ! -S "$other" ] || return 0
  done
  now=$(date +%s)
  if [ -z "${OLYMPUS_SSH_AT_ONCE:-}" ] && { read -r last _ <"$folder/attempt"; } 2>/dev/null; then
    ago=$((now - last))
    [ "$ago" -ge "$pause" ] || refuse "Not tried again: $ago s ago this host could not be signed in to."
  fi
  echo "$now" >"$folder/attempt"
}

# Tells ssh which connection. One at a time, since all read the same file; it says itself whom it is for.
tell() {
  own=$folder/answer-$PPID
  {
    echo "# $PPID"
    echo "Match exec \"exec sh hosts/ssh/turn.sh taken '%k' '%L' '%d' $host $PPID\""
    echo "    ControlPath ~/.olympus/$here/$host/$1"
  } >"$own"
  until ln "$own" "$answer" 2>/dev/null; do
    { read -r _ reader <"$answer"; } 2>/dev/null && ! is_alive "$reader" && rm -f "$answer"
    is_alive "$PPID" || break
    sleep 0.05
  done
  rm -f "$own"
}

[ -d "$folder" ] || mkdir -p "$folder" "${answer%/*}" || refuse "The folder $folder cannot be made."
# Whatever goes wrong here, nobody shall wait for an ssh that goes on by itself.
trap 'rm -f "$folder"/*-"$PPID"' EXIT
while is_alive "$PPID" && [ "$patience" -gt 0 ]; do
  opening='' number=0
  while [ -z "$opening" ] && [ "$number" -lt "$connections" ]; do
    number=$((number + 1))
    take "$number" || continue
    trap - EXIT
    # The first is what ssh_config says unless it is told otherwise.
    [ "$number" -ne 1 ] || exit 0
    tell "$number"
    exit 1
  done
  patience=$((patience - 1))
  sleep 0.2
done
exit 1
