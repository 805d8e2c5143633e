# Lets an ssh go on when it is its turn. Run by `Match exec` in ssh_config, before ssh does anything else, as a child of
# the ssh that asks. $1 is the HostKeyAlias, $2 the socket of the connection that all with this alias share.
#
# sshd takes ten sessions on a connection (MaxSessions); the eleventh ssh would open a connection of its own, and of many
# that are opened at once sshd drops some (MaxStartups). So:
# - nobody is connected yet: one opens the connection, the others wait for it;
# - eight have a session: the others wait, since sshd counts one that ends for a moment longer;
# - the connection could not be opened: nobody tries again for a while. Dozens of failed logins get an address banned.
#
# A turn is a file named by the process that has it; it ends with the process, however that ends.
set -u
umask 077

name=$1 turns=$2.turns attempt=$2.attempt socket=$2
sessions=8
# Seconds. Less than ControlPersist: a connection that was opened since then would still be there.
pause=25

# A jump host on the way is the user's own business.
case $name in olympus-*) ;; *) exit 1 ;; esac

# To ssh a plain "no" would mean: go on without sharing.
refuse() {
  echo "$1" >&2
  kill "$PPID"
  exit 1
}

is_alive() { kill -0 "$1" 2>/dev/null; }

[ -d "$turns" ] || mkdir -p "$turns" || refuse "The folder $turns cannot be made."
while is_alive "$PPID"; do
  : >"$turns/$PPID" || refuse "The folder $turns cannot be written."
  taken=0
  for turn in "$turns"/*; do
    if is_alive "${turn##*/}"; then taken=$((taken + 1)); else rm -f "$turn"; fi
  done
  if [ -S "$socket" ]; then
    [ "$taken" -gt "$sessions" ] || exit 0
  elif [ "$taken" -eq 1 ]; then
    now=$(date +%s) last=0
    if [ -z "${OLYMPUS_SSH_AT_ONCE:-}" ] && [ -f "$attempt" ]; then read -r last <"$attempt"; fi
    ago=$((now - last))
    [ "$ago" -ge "$pause" ] || refuse "Not tried again: $ago s ago this host could not be signed in to."
    echo "$now" >"$attempt"
    exit 0
  fi
  rm -f "$turns/$PPID"
  sleep 0.3
done
exit 1
