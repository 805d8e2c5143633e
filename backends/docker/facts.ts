/** A container as its engine lists it. */
export interface ContainerFact {
  readonly id: string;
  /** Whether it bears this program's label. */
  readonly isOurs: boolean;
  readonly isPaused: boolean;
  /** The engine finds it unhealthy, or starts it again and again. */
  readonly isFailing: boolean;
  /** Code with which it has ended; undefined while it runs, and before its first start. */
  readonly exitCode: number | undefined;
  readonly networks: readonly string[];
}

/** A network as its engine lists it. */
export interface NetworkFact {
  readonly id: string;
  /** Whether it bears this program's label. */
  readonly isOurs: boolean;
}

/** A volume as its engine lists it. */
export interface VolumeFact {
  /** Tenant that its label names; undefined on a volume that this program has not made, and on a host's own. */
  readonly tenant: string | undefined;
}

/** When an engine looked at a container's health, by the host's clock. */
export interface CheckFact {
  /** Milliseconds since 1970: the end of the last check, or the container's start when there was none since. */
  readonly at: number;
  readonly intervalSeconds: number;
}

/** What a host has of what Pulumi cannot read. What could not be asked is undefined: nothing is said about it. */
export interface HostFacts {
  /** When the host was asked, by its own clock: `2026-11-24T02:43:11Z`. */
  readonly asked: string;
  /** All that the engine has, by name, ours or not. */
  readonly containers: ReadonlyMap<string, ContainerFact>;
  /** All that the engine has, by name. */
  readonly networks: ReadonlyMap<string, NetworkFact>;
  /** All that the engine has, by name. */
  readonly volumes: ReadonlyMap<string, VolumeFact>;
  /** Of those of ours that run and have a health check, by name. */
  readonly checks: ReadonlyMap<string, CheckFact>;
  /** SHA-256 of Caddy's files by path below its configuration folder, `sites/acme.caddy`. */
  readonly files: ReadonlyMap<string, string> | undefined;
  /** Whether Caddy runs what was published, rather than what somebody has told the process. */
  readonly runsWhatWasPublished: boolean | undefined;
  /** Whether the firewall's rules are all in place. */
  readonly isGuarded: boolean | undefined;
}

/** Reads what `hostFactsScript` has printed; undefined when it has not come to its end. */
export function hostFacts(printed: string): HostFacts | undefined {
  const facts = new Map<string, string[]>();
  for (const text of printed.split("\n")) {
    const [, name, value] = /^([a-z]+)=(.*)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) facts.set(name, [...(facts.get(name) ?? []), value]);
  }
  const one = (name: string) => facts.get(name)?.[0];
  const asked = one("asked");
  if (asked === undefined || !facts.has("end")) return undefined;
  const all = (name: string) => facts.get(name) ?? [];
  const ours = new Set(all("ours"));
  const tenants = new Map(all("owner").map(pair));
  const [running, loaded, rule] = [one("running"), one("loaded"), one("rule")];
  return {
    asked,
    containers: new Map(all("container").flatMap((text) => container(text, ours))),
    networks: new Map(
      all("network").map((text) => {
        const [id, name] = pair(text);
        return [name, { id, isOurs: ours.has(id) }];
      }),
    ),
    volumes: new Map(all("volume").map((name) => [name, { tenant: tenants.get(name) || undefined }])),
    checks: new Map(all("check").flatMap(check)),
    files: facts.has("listed") ? new Map(all("file").flatMap(digest)) : undefined,
    runsWhatWasPublished: running && loaded ? running === loaded : undefined,
    isGuarded: rule === undefined ? undefined : rule === "set",
  };
}

/** The first word, and what comes after it. */
function pair(text: string): [string, string] {
  const [first = "", rest = ""] = text.split(" ", 2);
  return [first, rest];
}

function container(text: string, ours: ReadonlySet<string>): [string, ContainerFact][] {
  const [, id, name, networks, state] = /^(\S+) (\S+) \[(.*?)\] (\S.*)$/.exec(text) ?? [];
  if (id === undefined || name === undefined || networks === undefined || state === undefined) return [];
  const code = /\bexited \((\d+)\)/i.exec(state)?.[1];
  const fact = {
    id,
    isOurs: ours.has(id),
    isPaused: /^paused\b/i.test(state),
    isFailing: /\(unhealthy\)|^restarting\b/i.test(state),
    exitCode: code === undefined ? undefined : Number(code),
    networks: networks.split(/[,\s[\]]+/).filter(Boolean),
  };
  return [[name, fact]];
}

/** Name, start, interval in nanoseconds, and the ends of the checks that the engine remembers. */
function check(text: string): [string, CheckFact][] {
  const [name, started, interval, ...ends] = text.trim().split(" ");
  const times = [started, ...ends].map((time) => Date.parse((time ?? "").replaceAll('"', "")));
  const [at, intervalSeconds] = [Math.max(...times), Number(interval) / 1e9];
  if (name === undefined || Number.isNaN(at) || !(intervalSeconds > 0)) return [];
  return [[name.replace(/^\//, ""), { at, intervalSeconds }]];
}

/** As `sha256sum` prints it. */
function digest(text: string): [string, string][] {
  const [, sum, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(text) ?? [];
  return sum !== undefined && path !== undefined ? [[path, sum]] : [];
}
