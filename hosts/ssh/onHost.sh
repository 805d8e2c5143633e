# Runs the script on stdin with `sh -s` on a host, with $1 as the script's own $1. Further arguments are files that go
# before the script. $OLYMPUS_SSH are the arguments of ssh
# that lead there, quoted for a shell; $OLYMPUS_HOST is the host's name. They come by environment because a command that
# fails is shown, and its line should fit on one.
set -u
action=$1
shift
cat "$@" - | eval "ssh $OLYMPUS_SSH 'sh -s $action'"
status=$?
case $status in
255 | 143)
  echo "host $OLYMPUS_HOST: the connection could not be had, or broke off, so this may have run in part." >&2
  echo "The next pulumi up runs it again." >&2
  ;;
esac
exit "$status"
