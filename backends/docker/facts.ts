/** A container as its engine lists it. */
export interface ContainerFact {
  readonly id: string;
  /** Whatever else keeps it from running, Pulumi sees. */
  readonly isPaused: boolean;
  readonly networks: readonly string[];
}

/** What a host has of what Pulumi cannot read. What could not be asked is undefined: nothing is said about it. */
export interface HostFacts {
  /** When the host was asked, by its own clock: `2026-11-24T02:43:11Z`. */
  readonly asked: string;
  /** All that the engine has, by name, ours or not. */
  readonly containers: ReadonlyMap<string, ContainerFact>;
  /** SHA-256 of Caddy's files by path below its configuration folder, `sites/acme.caddy`. */
  readonly files: ReadonlyMap<string, string> | undefined;
  /** Whether Caddy runs what was published, rather than what somebody has told the process. */
  readonly runsWhatWasPublished: boolean | undefined;
  /** Whether the firewall's rules are in place. */
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
  const [running, loaded, rule] = [one("running"), one("loaded"), one("rule")];
  return {
    asked,
    containers: new Map((facts.get("container") ?? []).flatMap(container)),
    files: facts.has("listed") ? new Map((facts.get("file") ?? []).flatMap(digest)) : undefined,
    runsWhatWasPublished: running && loaded ? running === loaded : undefined,
    isGuarded: rule === undefined ? undefined : rule === "set",
  };
}

function container(text: string): [string, ContainerFact][] {
  const [, id, name, networks, state] = /^(\S+) (\S+) \[(.*)\] (\S+)/.exec(text) ?? [];
  if (id === undefined || name === undefined || networks === undefined || state === undefined) return [];
  return [
    [name, { id, isPaused: /^paused$/i.test(state), networks: networks.split(/[,\s[\]]+/).filter(Boolean) }],
  ];
}

/** As `sha256sum` prints it. */
function digest(text: string): [string, string][] {
  const [, sum, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(text) ?? [];
  return sum !== undefined && path !== undefined ? [[path, sum]] : [];
}
