import type { Space } from "../../../backends/docker/databases.ts";
import { FactLines } from "./lines.ts";
import type { Daemon, MachineFacts, UrlOutcome } from "./machineFacts.ts";
import { addressesOf, holdersOf, listenersOf, routesOf } from "./network.ts";
import { sshdFacts } from "./sshd.ts";

export type { MachineFacts, UrlOutcome } from "./machineFacts.ts";

/** @param text what the host script has printed */
export function machineFacts(text: string): MachineFacts {
  const lines = new FactLines(text);
  const isRoot = lines.one("user.id") === "0";
  const memoryKib = lines.number("memory.kib");
  return {
    isWhole: lines.one("end") === "1",
    user: {
      name: lines.one("user.name") ?? "?",
      isRoot,
      groups: (lines.one("user.groups") ?? "").split(" "),
    },
    command: { path: lines.one("command.path"), answer: lines.all("command.answer").at(-1) },
    dockerPath: lines.one("docker.path"),
    podman: {
      networks: lines.one("podman.networks"),
      pidsLimit: pidsOf(lines.all("podman.pids").at(-1)),
    },
    socket: {
      isThere: lines.one("socket") === "present",
      isWritable: lines.one("socket.writable") === "yes",
      owner: lines.one("socket.owner"),
    },
    system: lines.one("system"),
    memoryMiB: memoryKib === undefined ? undefined : Math.floor(memoryKib / 1024),
    disk: diskOf(lines),
    isGuarded: lines.one("guarded") === undefined ? undefined : lines.one("guarded") === "yes",
    forwards: flag(lines.one("forwarding")),
    settings: {
      migratesRequests: flag(lines.one("setting.tcp_migrate_req")),
      synRetries: lines.number("setting.tcp_syn_retries"),
    },
    routes: routesOf(lines),
    addresses: addressesOf(lines),
    listeners: listenersOf(lines),
    holders: holdersOf(lines),
    iptables: lines.one("iptables"),
    ufw: { isOn: lines.one("ufw") === "yes", rules: lines.all("ufw.rule") },
    firewalld: {
      isOn: lines.one("firewalld") === "active",
      open: (lines.one("firewalld.open") ?? "").split(" "),
    },
    isSynchronised: synchronised(lines),
    units: unitsOf(lines),
    openrc: lines.all("openrc"),
    daemon: {
      settings: settingsOf(lines.one("daemon.file")),
      arguments: lines.one("daemon.arguments") ?? "",
    },
    sshd: sshdFacts(lines),
    urls: new Map(lines.all("url").flatMap(urlOutcome)),
  };
}

function pidsOf(line: string | undefined): number | undefined {
  const number = Number(/=\s*(\d+)/.exec(line ?? "")?.[1]);
  return Number.isNaN(number) ? undefined : number;
}

const flag = (value: string | undefined) => (value === undefined ? undefined : value === "1");

function diskOf(lines: FactLines): Space | undefined {
  const pair = (name: string) => (lines.one(name) ?? "").split(" ").map(Number);
  const [totalKib = Number.NaN, freeKib = Number.NaN] = pair("disk.space");
  const [total = 0, free = 0] = pair("disk.inodes");
  if (Number.isNaN(totalKib) || Number.isNaN(freeKib)) return undefined;
  return {
    folder: lines.one("disk.folder") ?? "/",
    totalMiB: Math.floor(totalKib / 1024),
    freeMiB: Math.floor(freeKib / 1024),
    inodes: total > 0 ? { total, free } : undefined,
  };
}

/** The kernel's own word by way of systemd, else chrony's. */
function synchronised(lines: FactLines): boolean | undefined {
  const systemd = lines.one("time.synchronised");
  if (systemd !== undefined) return systemd === "yes";
  const chrony = lines.one("time.chrony");
  return chrony === undefined ? undefined : chrony !== "Not synchronised";
}

function unitsOf(lines: FactLines): MachineFacts["units"] {
  const printed = lines.all("unit");
  if (printed.length === 0) return undefined;
  return new Map(
    printed.map((line) => {
      const [name = "", enabled, active] = line.split(" ");
      return [name, { isEnabled: /^enabled/.test(enabled ?? ""), isActive: active === "active" }] as const;
    }),
  );
}

function settingsOf(text: string | undefined): Daemon["settings"] {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Exit codes as curl's manual page lists them; wget tells only whether it worked. */
function urlOutcome(line: string): [string, UrlOutcome][] {
  const [, tool, code, url] = /^(curl|wget) (\d+) (\S+)$/.exec(line) ?? [];
  if (url === undefined) return [];
  if (code === "0" || (tool === "curl" && code === "22")) return [[url, "opens"]];
  const known: Readonly<Record<string, UrlOutcome>> = { 6: "name", 60: "certificate" };
  return [[url, (tool === "curl" ? known[code ?? ""] : undefined) ?? "fails"]];
}
