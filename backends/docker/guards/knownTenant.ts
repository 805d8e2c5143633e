import { physicalName } from "../../../fleet/names.ts";
import type { RootRecord, SecretsRecord } from "../../../fleet/secretsRecord.ts";
import { services } from "../../../fleet/tenant/parts.ts";
import { hostVariable } from "../../../hosts/ssh/ssh.ts";
import { everyGate } from "../data.ts";
import { keeperPart } from "../keeper.ts";
import type { Known, KnownResource } from "../known.ts";
import { hostOfReach } from "../names.ts";
import { isSameWay, wayOf } from "../way.ts";

/** A container as the state has it, as far as an edit is held against it. */
export interface KnownContainer {
  readonly id: string;
  readonly image: string;
  readonly memoryMiB: unknown;
}

/**
 * A tenant as the stack's state has it: what a run has made of it, not what the files said. All of it is found in states
 * of before there were guards.
 */
export class KnownTenant {
  readonly name: string;
  private readonly known: Known;

  constructor(name: string, known: Known) {
    this.name = name;
    this.known = known;
  }

  /** Whether there is something of it that Pulumi protects, so that it does not go by itself. */
  get hasBegun(): boolean {
    return (
      this.holdsData ||
      this.known.has("secret", this.physical("root-key")) ||
      this.known.has("command", this.physical("vhost"))
    );
  }

  /** Whether it has a volume, or had one: its gates are passed on a volume only, and outlive one that a refresh has missed. */
  get holdsData(): boolean {
    return this.known.has("volume", this.physical("postgres")) || this.hasPassedGates;
  }

  /** Whether a run has come so far that something of it answered. */
  get hasPassedGates(): boolean {
    return this.gates.length > 0;
  }

  /** Whether a service of it runs, or is to: it was not suspended or retired by a run. */
  get runs(): boolean {
    return services.some((service) => this.known.has("container", this.physical(service)));
  }

  /** Whether a run has closed it to its end: the gate of what holds its volume was passed. */
  get isClosed(): boolean {
    return this.known.has("command", this.physical(`gate-${keeperPart}`)) && !this.runs;
  }

  /** Whether all of it has come up as the containers that it has now: its last gate names each of its services'. */
  get isUp(): boolean {
    const gate = String(this.known.find("command", this.physical("gate-ready"))?.outputs.stdin);
    return services.every((service) => {
      const container = this.container(service);
      return container !== undefined && gate.includes(container.id);
    });
  }

  /** Whether a run has lifted the protection of its volume and its root key, so that the next may delete them. */
  get isUnprotected(): boolean {
    return this.known.find("tenant", this.name)?.outputs.unprotected === true;
  }

  /**
   * The host that its scripts were run on. Scripts that have failed are not in the state, so this is where something of it
   * was made. Undefined for an engine of this machine that has been given another address since.
   */
  get host(): string | undefined {
    const scripts = [...this.gates, this.known.find("command", this.physical("vhost"))];
    const way = scripts.map((script) => wayOf(script)).find((found) => found !== undefined);
    if (way === undefined) return undefined;
    const [found] = this.known.all("command").flatMap((reach) => {
      const host = hostOfReach(reach.name);
      return host !== undefined && isSameWay(wayOf(reach), way) ? [host] : [];
    });
    return found ?? textOf(way[hostVariable]);
  }

  /** Its internal network, `10.128.4.16/28`. */
  get subnet(): string | undefined {
    const network = this.known.find("network", this.physical("internal"));
    const [first] = listOf(network?.outputs.ipamConfigs);
    return textOf(recordOf(first).subnet);
  }

  container(part: string): KnownContainer | undefined {
    const { id, image, memory } = this.known.find("container", this.physical(part))?.outputs ?? {};
    if (typeof id !== "string" || typeof image !== "string") return undefined;
    return { id, image, memoryMiB: memory };
  }

  /**
   * Major version of the image that Postgres's container was made for, as the container's script has it. Undefined
   * where the script is older than that.
   */
  get major(): number | undefined {
    const script = listOf(this.known.find("container", this.physical("postgres"))?.outputs.entrypoints).find(
      (word) => / major=\d/.test(String(word)),
    );
    const digits = / major=(\d+)/.exec(String(script))?.[1];
    return digits === undefined ? undefined : Number(digits);
  }

  /**
   * Whether the database has answered from that very container. One that was made by a run in which it did not start says
   * nothing of the volume.
   */
  hasAnswered({ id }: KnownContainer): boolean {
    const gate = this.known.find("command", this.physical("gate-migrate"));
    return String(gate?.outputs.stdin).includes(id);
  }

  /**
   * The generations of secrets that a run has given it last; what it made of that may have failed. Undefined in states of
   * before they were noted, where nobody knows.
   */
  get secrets(): SecretsRecord | undefined {
    const noted = recordOf(this.known.find("tenant", this.name)?.outputs.secrets);
    const { generation, oldest } = noted;
    if (typeof generation !== "number" || typeof oldest !== "number") return undefined;
    const roots = noted.roots === undefined ? undefined : listOf(noted.roots).flatMap(rootRecordOf);
    return { generation, oldest, roots };
  }

  /** The generation that all of it has come up with last, and since when, as its last gate has printed it. */
  get cameUpWith(): { readonly generation: number; readonly since: Date } | undefined {
    const printed = String(this.known.find("command", this.physical("gate-ready"))?.outputs.stdout);
    const [, generation, since = ""] = /^generation=(\d+) since=(\S+)$/m.exec(printed) ?? [];
    return generation === undefined ? undefined : { generation: Number(generation), since: new Date(since) };
  }

  private get gates(): KnownResource[] {
    return everyGate.flatMap((gate) => this.known.find("command", this.physical(gate)) ?? []);
  }

  private physical(part: string): string {
    return physicalName(this.name, part);
  }
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function rootRecordOf(noted: unknown): RootRecord[] {
  const { since, key, fingerprint } = recordOf(noted);
  if (typeof since !== "number" || typeof fingerprint !== "string") return [];
  return [{ since, key: textOf(key), fingerprint }];
}
