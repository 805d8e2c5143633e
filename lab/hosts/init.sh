#!/bin/bash
# The first process of a lab host: init.sh FOLDER NAME. Runs in namespaces of its own (mount, pid, uts, ipc, and
# the host's network), makes them look like a machine, and then waits for processes that have lost their parent. When it
# is killed the kernel ends every process of the host, as pulling a machine's power cord does.
set -euo pipefail
folder=$1 name=$2
# As the machine below sees it: /proc is still that one's.
read -r pid _ < /proc/self/stat

# What the machine's own engine has mounted is none of this host's business, and must not stay busy here.
tac /proc/self/mountinfo | cut -d' ' -f5 | grep -E '^(/run|/var/lib/(docker|containerd|containers))(/|$)' |
  while read -r mounted; do umount --lazy "$mounted" || :; done

hostname "$name"
mount -t proc proc /proc
cover() { mkdir -p "$folder/$1" "$2" && mount --bind "$folder/$1" "$2"; }
cover run /run
cover docker /var/lib/docker
cover containers /var/lib/containers
# Neither the keys and settings of who runs this machine, nor what sshd was told here.
cover home /root
cover sshd_config.d /etc/ssh/sshd_config.d
if [ -e "$folder/etc-containers" ]; then
  cover etc-containers /etc/containers
  type -ap docker | while read -r command; do mount --bind "$folder/docker-command" "$command"; done
  # crun refuses a machine that has control groups of both kinds.
  umount --lazy /sys/fs/cgroup/unified 2> /dev/null || :
fi
mkdir -p /run/lock /run/sshd

echo "$pid" > "$folder/init.pid"
trap : TERM INT HUP
while :; do
  sleep infinity &
  wait $! || :
done
