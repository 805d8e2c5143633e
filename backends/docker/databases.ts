import { managedBy } from "../../fleet/names.ts";
import { postgresProof } from "../../fleet/tenant/services/postgres.ts";
import { type EngineKind, engines } from "../../hosts/engines.ts";
import { line, quote } from "../../hosts/shell.ts";
import { keeperPart, keptPath } from "./keeper.ts";
import { workers } from "./workers.ts";

/** Room on a file system. */
export interface Space {
  /** What lies there. */
  readonly folder: string;
  readonly totalMiB: number;
  readonly freeMiB: number;
  /** Undefined for file systems without a fixed number. */
  readonly inodes: { readonly total: number; readonly free: number } | undefined;
}

/** A tenant's database that runs. */
export interface Database {
  /** Name of its container. */
  readonly container: string;
  /** Of its volume, where that is a file system of its own; undefined where it is the host's. */
  readonly space: Space | undefined;
  /** What its files take, its log of transactions included; undefined when nobody could add them up. */
  readonly usedMiB: number | undefined;
  /** Why it cannot be written, in Postgres's words; undefined when it can be. */
  readonly complaint: string | undefined;
}

/** What is left of a tenant that is closed: its volume, and who holds it. */
export interface Kept {
  /** Name of the keeper's container. */
  readonly container: string;
  readonly usedMiB: number;
}

/** What a host's tenants write to. */
export interface Databases {
  /** Whether all could be asked in time. */
  readonly isWhole: boolean;
  /** Where the engine keeps images and volumes. */
  readonly space: Space | undefined;
  readonly databases: readonly Database[];
  /** Volumes of closed tenants, as far as they could be added up. */
  readonly kept: readonly Kept[];
}

/** Where an engine keeps volumes, as it says itself. */
const roots: Readonly<Record<EngineKind, string>> = {
  docker: "{{.DockerRootDir}}",
  podman: "{{.Store.VolumePath}}",
};

/** Names of the containers that are this part of a tenant. */
const running = (part: string) =>
  line(
    ...["docker", "ps", "--filter", `label=olympus-fleet.managed-by=${managedBy}`],
    ...["--filter", `label=olympus-fleet.service=${part}`, "--format", "{{.Names}}"],
  );

/** Functions that host and container have in common; `df` prints a line of titles first. */
const measuring = `rest() { read -r _ && read -r _ total _ free _ && echo "$total $free"; }
space() { # whose, folder
  device=$(stat -c %d "$2") && blocks=$(df -Pk "$2" | rest) || return
  inodes=$(df -Pi "$2" | rest)
  echo "space=$1 $device $blocks \${inodes:-0 0} $2"
}`;

/** Runs in a container: its name, then what proves that its database can be written. */
const inside = `${measuring}
name=$1
shift
space "$name" "$PGDATA" 2>/dev/null
# A file that is gone before it was counted is a complaint of du's, and no reason not to believe the rest.
used=$(du -xsk "$PGDATA" 2>/dev/null)
echo "used=$name $used"
if said=$("$@" 2>&1); then
  echo "written=$name"
else
  echo "\${said:-it says nothing}" | head -n 5 | sed "s/^/complaint=$name /"
fi`;

/**
 * A script for `sh -s` that prints how much room there is for each tenant's data, and whether its database can be written. It
 * leaves nothing behind. A tenth of a second for each tenant, a few at a time.
 */
export const databasesScript = (engine: EngineKind) => `set -u
export LC_ALL=C
${engines[engine].prelude}${measuring}
look() { # container
  docker exec "$1" sh -c ${quote(inside)} sh "$1" ${line(...postgresProof)} </dev/null && return
  case $(docker inspect --format '{{.State.Status}}' "$1") in
  restarting) echo "complaint=$1 it does not stay up, and the engine starts it again and again" ;;
  esac
}
kept() {
  for name in $(${running(keeperPart)}); do
    used=$(docker exec "$name" du -xsk ${keptPath} </dev/null)
    echo "kept=$name $used"
  done
}
work() { # number of the worker: every container is one's
  turn=0
  for name in $names; do
    turn=$(((turn + 1) % ${workers.length}))
    if [ "$turn" = "$1" ]; then look "$name"; fi
  done
}
here() {
  folder=$(docker info --format ${quote(roots[engine])})
  until [ -e "\${folder:-/}" ]; do folder=\${folder%/*}; done
  space host "\${folder:-/}"
}
main() {
  names=$(${running("postgres")}) || exit 1
  echo asked=1
  here &
  kept &
  ${workers.map((worker) => `work ${worker} &`).join(" ")}
  wait
  echo end=1
}
main </dev/null 2>/dev/null
`;

interface Measured extends Space {
  readonly whose: string;
  readonly device: string;
}

/**
 * Reads what `databasesScript` has printed; of a container that nobody could ask, nothing is said. Undefined when the engine
 * has not even said which there are.
 */
export function databases(printed: string): Databases | undefined {
  const lines = printed.split("\n");
  if (!lines.includes("asked=1")) return undefined;
  const of = (name: string) =>
    lines.flatMap((text) => (text.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : []));
  const spaces = new Map(
    of("space")
      .flatMap(measured)
      .map((space) => [space.whose, space]),
  );
  const host = spaces.get("host");
  const written = new Set(of("written"));
  const used = new Map(of("used").flatMap(added));
  const complaints = new Map<string, string[]>();
  for (const text of of("complaint")) {
    const [container = "", ...words] = text.split(" ");
    complaints.set(container, [...(complaints.get(container) ?? []), words.join(" ")]);
  }
  return {
    isWhole: lines.includes("end=1"),
    space: host && plain(host),
    databases: [...written, ...complaints.keys()].sort().map((container) => {
      const own = spaces.get(container);
      const said = complaints.get(container);
      return {
        container,
        // A quota has the device of the host's, and another size.
        space:
          own && !(own.device === host?.device && own.totalMiB === host.totalMiB) ? plain(own) : undefined,
        usedMiB: used.get(container),
        complaint: said && complaintOf(said),
      };
    }),
    kept: of("kept")
      .flatMap(added)
      .map(([container, usedMiB]) => ({ container, usedMiB })),
  };
}

const plain = ({ folder, totalMiB, freeMiB, inodes }: Measured): Space => ({
  folder,
  totalMiB,
  freeMiB,
  inodes,
});

const MiB = (kib: string | undefined) => Math.floor(Number(kib) / 1024);

function added(text: string): (readonly [string, number])[] {
  const [, whose, kib] = /^(\S+) (\d+)\s/.exec(text) ?? [];
  return whose === undefined ? [] : [[whose, MiB(kib)]];
}

function measured(text: string): Measured[] {
  const [, whose, device, total, free, inodes, freeInodes, folder] =
    /^(\S+) (\d+) (\d+) (\d+) (\S+) (\S+) (.+)$/.exec(text) ?? [];
  if (whose === undefined || device === undefined || folder === undefined) return [];
  const all = Number(inodes);
  return [
    {
      whose,
      device,
      folder,
      totalMiB: MiB(total),
      freeMiB: MiB(free),
      inodes: all > 0 ? { total: all, free: Number(freeInodes) } : undefined,
    },
  ];
}

/** What stands behind `ERROR:`, or all of its first line. */
function complaintOf(said: readonly string[]): string {
  const grave = said.find((text) => /\b(ERROR|FATAL|PANIC): /.test(text)) ?? said[0] ?? "";
  return grave.replace(/^.*\b(?:ERROR|FATAL|PANIC): +/, "").trim();
}
