import { container, type Fault, fault, ours, rotating } from "./fault.ts";

/** What keeps tenants apart and alive, and what they need from elsewhere. */
const full = 'could not extend file "base/5/16396": No space left on device';
const database = { container: "acme-postgres", space: undefined, usedMiB: 48, complaint: undefined };
const own = { folder: "/var/lib/postgresql/18/docker", totalMiB: 2048, freeMiB: 128, inodes: undefined };

export const lifeFaults: readonly Fault[] = [
  fault(
    "a database on a full disk",
    "databases",
    "error",
    /^acme-postgres cannot be written: could not extend file "base\/5\/16396": No space left on device$/,
    /^docker exec acme-postgres sh -c 'df -h "\$PGDATA"'$/,
    {
      databases: { isWhole: true, space: undefined, databases: [{ ...database, complaint: full }], kept: [] },
    },
  ),
  fault(
    "a database that is read-only",
    "databases",
    "error",
    /^acme-postgres cannot be written: cannot execute CREATE TABLE in a read-only transaction$/,
    /^docker logs --tail 20 acme-postgres$/,
    {
      databases: {
        isWhole: true,
        space: undefined,
        databases: [{ ...database, complaint: "cannot execute CREATE TABLE in a read-only transaction" }],
        kept: [],
      },
    },
  ),
  fault(
    "a tenant's own disk that is nearly full",
    "databases",
    "warning",
    /^the disk of acme-postgres is nearly full: 128MiB of 2GiB free at \/var\/lib\/postgresql\/18\/docker$/,
    /^docker exec acme-postgres sh -c 'du -xh -d 2 "\$PGDATA\/\.\."' \| sort -h \| tail$/,
    { databases: { isWhole: true, space: undefined, databases: [{ ...database, space: own }], kept: [] } },
  ),
  fault(
    "a database that hangs",
    "databases",
    "unknown",
    /^not every database has answered in time$/,
    /docker ps/,
    { databases: { isWhole: false, space: undefined, databases: [database], kept: [] } },
  ),
  fault("an engine without firewall rules", "guard", "error", /iptables: false/, /daemon\.json/, {
    lines: ['daemon.file={"live-restore": true, "iptables": false}'],
  }),
  fault("the same on its command line", "guard", "error", /iptables: false/, /daemon\.json/, {
    lines: ["daemon.arguments=/usr/sbin/dockerd --iptables=false "],
  }),
  fault("no forwarding", "guard", "error", /forwards no packets/, /ip_forward=1 \| sudo tee/, {
    lines: ["forwarding=0"],
  }),
  fault(
    "tenants without the INPUT rule",
    "guard",
    "error",
    /olympus-firewall is gone/,
    /pulumi up --refresh --stack prod/,
    {
      answers: {
        containers: [container("acme-kratos", { Labels: ours({ "olympus-fleet.tenant": "acme" }) })],
      },
    },
  ),
  fault("a firewall that cannot set its rules", "guard", "error", /unhealthy/, /docker logs/, {
    answers: {
      containers: [container("olympus-firewall", { Labels: ours(), Status: "Up 2 hours (unhealthy)" })],
    },
  }),
  fault(
    "rules that somebody has flushed, and that do not come back",
    "guard",
    "error",
    /^rules of olympus-firewall are missing, though it runs$/,
    /docker restart olympus-firewall/,
    {
      lines: ["guarded=no"],
      answers: {
        containers: [container("olympus-firewall", { Labels: ours(), Status: "Up 2 hours (healthy)" })],
      },
    },
  ),
  fault(
    "the same where it is only reported",
    "guard",
    "warning",
    /exited/,
    /docker restart/,
    { answers: { containers: [container("olympus-firewall", { Labels: ours(), State: "exited" })] } },
    { host: { inputRule: "report" } },
  ),
  fault(
    "connections that a reload resets",
    "kernel settings",
    "warning",
    /tcp_migrate_req is 0/,
    /tcp_migrate_req=1 \| sudo tee/,
    { lines: ["setting.tcp_migrate_req=0"] },
  ),
  fault("a clock that is a little off", "time", "warning", /7 s behind/, /set-ntp true/, {
    clock: { least: -9, most: -7 },
  }),
  fault("a clock that is far off", "time", "error", /60 min ahead/, /set-ntp true/, {
    clock: { least: 3600, most: 3602 },
  }),
  fault("a clock that nobody sets", "time", "warning", /not synchronised/, /timesyncd/, {
    lines: ["time.synchronised=no"],
  }),
  fault("a clock that nobody knows of", "time", "unknown", /neither systemd nor chrony/, /timedatectl/, {
    lines: ["time.synchronised="],
  }),
  fault(
    "an engine that a reboot leaves down",
    "engine's service",
    "error",
    /docker\.service not enabled/,
    /systemctl enable docker\.service/,
    { lines: ["unit=docker.service disabled active", "unit=docker.socket enabled active"] },
  ),
  fault("no systemd", "engine's service", "unknown", /no systemd/, /docker info/, { lines: ["unit="] }),
  fault(
    "no live-restore where it works",
    "engine's service",
    "warning",
    /^live-restore is off$/,
    /"live-restore": true\nsudo systemctl reload docker/,
    { answers: { version: { Version: "23.0.1", ApiVersion: "1.42", Components: [] } } },
  ),
  fault(
    "live-restore where it ends health checks",
    "engine's service",
    "warning",
    /^live-restore is on, and Docker 20\.10\.24\S* is older than 23$/,
    /without "live-restore"\nsudo systemctl reload docker/,
    { info: { LiveRestoreEnabled: true } },
  ),
  fault("logs of others that grow", "engine's service", "warning", /logs of 1 containers/, /max-size/, {
    answers: { containers: [container("web")] },
  }),
  fault(
    "images for another architecture",
    "images",
    "error",
    /kratos:v26\.2\.0 exists for linux\/arm64/,
    /releases\.yaml|kratos/,
    { images: new Map([["docker.io/oryd/kratos:v26.2.0", { platforms: ["linux/arm64"] }]]) },
  ),
  fault(
    "a registry that cannot be reached",
    "images",
    "warning",
    /cannot get docker\.io\/oryd\/kratos:v26\.2\.0: dial tcp.*no such host/,
    /docker pull/,
    {
      images: new Map([
        [
          "docker.io/oryd/kratos:v26.2.0",
          {
            status: 500,
            message:
              'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
          },
        ],
      ]),
    },
  ),
  fault("a registry that wants credentials", "images", "warning", /without credentials/, /docker pull/, {
    images: new Map([["docker.io/oryd/kratos:v26.2.0", { status: 401, message: "unauthorized" }]]),
  }),
  fault(
    "an engine that cannot be asked for images",
    "images",
    "unknown",
    /7 of 7 images are not here/,
    /docker pull/,
    { images: new Map() },
  ),
  fault("no way to the ACME server", "certificates", "warning", /no connection/, /curl -v/, {
    lines: ["url=curl 28 https://acme.example.com/directory"],
  }),
  fault("an ACME server whose name is unknown", "certificates", "warning", /no address/, /curl -v/, {
    lines: ["url=curl 6 https://acme.example.com/directory"],
  }),
  fault("an ACME server that nobody trusts", "certificates", "warning", /not trusted/, /curl -v/, {
    lines: ["url=curl 60 https://acme.example.com/directory"],
  }),
  fault("nothing to try the ACME server with", "certificates", "unknown", /neither curl nor wget/, /curl/, {
    lines: ["url="],
  }),
  fault(
    "somebody else's container under our name",
    "leftovers",
    "error",
    /container acme-postgres is there/,
    /docker rename acme-postgres/,
    { lines: [rotating], answers: { containers: [container("acme-postgres", { State: "exited" })] } },
  ),
  fault(
    "a tenant that no file knows",
    "leftovers",
    "warning",
    /1 volume of tenant gone, which no file here knows/,
    /label=olympus-fleet\.tenant=gone/,
    {
      answers: {
        volumes: { Volumes: [{ Name: "gone-postgres", Labels: ours({ "olympus-fleet.tenant": "gone" }) }] },
      },
    },
  ),
  fault(
    "a tenant that lives elsewhere",
    "leftovers",
    "warning",
    /of tenant moved, which the file has on eu-2/,
    /docker volume ls/,
    {
      answers: {
        volumes: { Volumes: [{ Name: "moved-postgres", Labels: ours({ "olympus-fleet.tenant": "moved" }) }] },
      },
    },
  ),
];
