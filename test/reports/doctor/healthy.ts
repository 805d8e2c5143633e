import { plannedFleet } from "../../../backends/docker/fleetPlan.ts";
import { loadFleet } from "../../../files/load.ts";
import { type EngineAnswers, engineFacts } from "../../../reports/doctor/facts/engine.ts";
import type { HostFacts } from "../../../reports/doctor/facts/facts.ts";
import { machineFacts } from "../../../reports/doctor/facts/machine.ts";
import { imagesOf, type Subject, subjectOf } from "../../../reports/doctor/subject.ts";
import { input, stackConfig } from "../../fleet/fleetInput.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

const tenantsText = `defaults: { release: "2026.11", mail: none }
tenants:
  acme: { host: eu-1 }
  bigcorp: { host: eu-1 }
  moved: { host: eu-2 }
`;

/** Lines and answers of a host that has Podman, prepared as docs/podman.md says. */
export const podman: Pick<Otherwise, "lines" | "answers"> = {
  lines: [
    "command.path=/usr/bin/podman",
    "command.answer=4.3.1",
    "docker.path=/usr/bin/docker",
    "podman.networks=netavark",
    "podman.pids=pids_limit = 200",
    "unit=podman.socket enabled active",
    "unit=podman-restart.service enabled inactive",
  ],
  answers: { version: { Version: "4.3.1", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] } },
};

export interface GivenSubject {
  readonly host?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tenants?: string;
  readonly name?: string;
}

/** A host over SSH with two small tenants. */
export function subject({ host, config, tenants, name = "eu-1" }: GivenSubject = {}): Subject {
  const hosts = {
    "eu-1": {
      address: "ssh://deploy@eu-1.example.net",
      ...(host?.address === undefined && { hostKey }),
      memory: "16GiB",
      reserve: "2GiB",
      publicAddress: ["203.0.113.11"],
      ...host,
    },
    "eu-2": {
      address: "ssh://deploy@eu-2.example.net",
      hostKey,
      memory: "16GiB",
      publicAddress: ["203.0.113.12"],
    },
  };
  const fleet = loadFleet(
    input({
      config: { ...stackConfig, hosts, elsewhere: [], ...config },
      tenants: tenants ?? tenantsText,
    }),
  );
  return subjectOf(plannedFleet(fleet), name);
}

/** As a Debian 12 with Docker from its own packages prints it for a user of the group docker. */
export const machineText = `Welcome to eu-1. Authorised use only.
clock=1795520971
command.path=/usr/bin/docker
command.answer=1.41
docker.path=/usr/bin/docker
user.name=deploy
user.id=1000
user.groups=deploy docker
socket=present
socket.writable=yes
socket.owner=srw-rw---- root docker
system=Debian GNU/Linux 12 (bookworm)
architecture=x86_64
kernel.release=6.1.0-28-amd64
memory.kib=16370076
disk.folder=/var/lib/docker
disk.space=264212084 164226676
disk.inodes=16777216 16036108
setting.tcp_migrate_req=1
setting.tcp_syn_retries=6
forwarding=1
route=default via 203.0.113.1 dev eth0 onlink
route=203.0.113.0/24 dev eth0 proto kernel scope link src 203.0.113.11
route=172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
route=local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
route=broadcast 203.0.113.255 dev eth0 table local proto kernel scope link src 203.0.113.11
address=1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
address=2: eth0    inet 203.0.113.11/24 brd 203.0.113.255 scope global eth0\\       valid_lft forever preferred_lft forever
address=2: eth0    inet6 fe80::fc:ff:fe00:1/64 scope link \\       valid_lft forever preferred_lft forever
address=3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\\       valid_lft forever preferred_lft forever
listener=00000000:0016 0
listener.udp=00000000:0044 0
iptables=iptables v1.8.9 (nf_tables)
ufw=
time.synchronised=yes
time.chrony=
unit=docker.service enabled active
unit=docker.socket enabled active
unit=podman.socket  inactive
daemon.file=
daemon.arguments=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock 
sshd.readable=yes
url=curl 0 https://acme.example.com/directory
end=1
`;

/** As Docker 20.10 answered on Debian 12; what nobody looks at is left out. */
export const engineAnswers: EngineAnswers = {
  version: {
    Components: [
      { Name: "Engine", Version: "20.10.24+dfsg1" },
      { Name: "containerd", Version: "1.6.20~ds1" },
    ],
    Version: "20.10.24+dfsg1",
    ApiVersion: "1.41",
  },
  info: {
    Driver: "overlay2",
    DriverStatus: [
      ["Backing Filesystem", "extfs"],
      ["Supports d_type", "true"],
    ],
    MemoryLimit: true,
    SwapLimit: true,
    PidsLimit: true,
    CPUShares: true,
    IPv4Forwarding: true,
    LoggingDriver: "json-file",
    CgroupDriver: "systemd",
    CgroupVersion: "2",
    OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
    Architecture: "x86_64",
    NCPU: 8,
    MemTotal: 16_762_957_824,
    DockerRootDir: "/var/lib/docker",
    LiveRestoreEnabled: false,
    SecurityOptions: ["name=apparmor", "name=seccomp,profile=default", "name=cgroupns"],
    Warnings: null,
  },
  networks: [
    { Name: "host", Id: "02a58355c3c146ed", IPAM: { Config: [] }, Options: {}, Labels: {} },
    {
      Name: "bridge",
      Id: "26fcadd55f14c9b1",
      IPAM: { Config: [{ Subnet: "172.17.0.0/16", Gateway: "172.17.0.1" }] },
      Options: { "com.docker.network.bridge.name": "docker0" },
      Labels: {},
    },
  ],
  containers: [],
  volumes: { Volumes: [], Warnings: null },
  images: [],
};

/** A piece of machine text or engine answers that is otherwise. */
export interface Otherwise extends Partial<Omit<HostFacts, "machine" | "engine">> {
  /** Lines that come in the place of those with the same name; an empty value leaves the fact out. */
  readonly lines?: readonly string[];
  readonly answers?: Partial<EngineAnswers>;
  readonly info?: Readonly<Record<string, unknown>>;
  /** In place of answers. */
  readonly silence?: string;
}

/** What a host without a fault tells, but for what is given. */
export function facts(
  { lines = [], answers, info, silence, ...rest }: Otherwise = {},
  of: Subject = subject(),
): HostFacts {
  const names = new Set(lines.map((line) => line.split("=")[0]));
  const kept = machineText.split("\n").filter((line) => !names.has(line.split("=")[0]));
  const engine = engineFacts({
    ...engineAnswers,
    ...answers,
    info: { ...(engineAnswers.info as object), ...(answers?.info as object | undefined), ...info },
  });
  return {
    reach: { kind: "in" },
    sshVersion: "9.2",
    machine: machineFacts([...kept, ...lines].join("\n")),
    clock: { least: -0.4, most: 0.9 },
    engine: silence === undefined && engine !== undefined ? engine : { silence: silence ?? "no engine" },
    images: new Map(imagesOf(of).map((image) => [image, { platforms: ["linux/amd64", "linux/arm64"] }])),
    ...rest,
  };
}
