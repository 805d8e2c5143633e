import { readdir } from "node:fs/promises";
import { execa } from "execa";

const ip = (...args: string[]) => execa("ip", args);
const inNamespace = (name: string, ...command: string[]) =>
  execa("nsenter", [`--net=/run/netns/${name}`, "--", ...command]);

/** Who is where in a site's network: last parts of addresses. */
export const PLACES = { machine: 1, firstHost: 11, firstVisitor: 200, gateway: 254 } as const;

/**
 * The private network of a site, 10.77.<number>.0/24. Its switch is a namespace of its own, out of reach of the
 * firewall rules of this machine (Docker's among them); this machine hangs on it by one cable, as the hosts do.
 * Nothing leaves it: the gateway answers that every other network is unreachable.
 */
export class Network {
  readonly number: number;
  /** Longest of all names, and 15 characters are the limit of a link's: `olympus-254`. */
  private readonly prefix: string;

  constructor(number: number) {
    this.number = number;
    this.prefix = `olympus-${number}`;
  }

  address(place: number): string {
    return `10.77.${this.number}.${place}`;
  }

  namespace(name: string): string {
    return `${this.prefix}-${name}`;
  }

  /** The switch, and this machine's cable to it. */
  async build(): Promise<void> {
    const { prefix } = this;
    await ip("netns", "add", prefix);
    await inNamespace(prefix, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    await ip("-n", prefix, "link", "add", "lan", "type", "bridge");
    await ip("-n", prefix, "address", "add", `${this.address(PLACES.gateway)}/24`, "dev", "lan");
    await ip("-n", prefix, "link", "set", "lan", "up");
    await ip("-n", prefix, "route", "add", "unreachable", "default");
    await this.lay(PLACES.machine, ["name", prefix]);
    await ip("address", "add", `${this.address(PLACES.machine)}/24`, "dev", prefix);
    await ip("link", "set", prefix, "up");
  }

  /**
   * A namespace with a cable to the switch. What an earlier one of that name had (firewall rules, links,
   * addresses) is gone, as on a machine that was switched off and on.
   */
  async attach(name: string, place: number): Promise<void> {
    const namespace = this.namespace(name);
    await this.detach(name);
    await ip("netns", "add", namespace);
    await this.lay(place, ["name", "eth0", "netns", namespace]);
    await ip("-n", namespace, "link", "set", "lo", "up");
    await ip("-n", namespace, "address", "add", `${this.address(place)}/24`, "dev", "eth0");
    await ip("-n", namespace, "link", "set", "eth0", "up");
    await ip("-n", namespace, "route", "add", "default", "via", this.address(PLACES.gateway));
  }

  async detach(name: string): Promise<void> {
    await execa("ip", ["netns", "delete", this.namespace(name)], { reject: false });
  }

  /** Pulls the plug at the switch, or puts it back. */
  async setCable(place: number, state: "up" | "down"): Promise<void> {
    await ip("-n", this.prefix, "link", "set", `port${place}`, state);
  }

  /**
   * Lets a namespace, or this machine, know these neighbours for good. Without it a connection to a host whose
   * cable is pulled would fail after three seconds, when nobody answers for its address; one to a host far away
   * hangs, and that is what is worth a test.
   */
  async acquaint(places: readonly number[], name?: string): Promise<void> {
    const where = name === undefined ? [] : ["-n", this.namespace(name)];
    const device = name === undefined ? this.prefix : "eth0";
    for (const place of places) {
      const neighbour = ["neighbour", "replace", this.address(place), "lladdr", this.mac(place)];
      await ip(...where, ...neighbour, "dev", device, "nud", "permanent");
    }
  }

  /** Takes the whole network down, however much of it there is. */
  async remove(): Promise<void> {
    await execa("ip", ["link", "delete", this.prefix], { reject: false });
    const namespaces = await readdir("/run/netns").catch(() => [] as string[]);
    for (const name of namespaces) {
      if (name === this.prefix || name.startsWith(`${this.prefix}-`)) {
        await execa("ip", ["netns", "delete", name], { reject: false });
      }
    }
  }

  /** A cable whose far end is made as `end` says. */
  private async lay(place: number, end: readonly string[]): Promise<void> {
    const port = `port${place}`;
    await execa("ip", ["-n", this.prefix, "link", "delete", port], { reject: false });
    const near = ["link", "add", port, "netns", this.prefix, "type", "veth"];
    await ip(...near, "peer", ...end, "address", this.mac(place));
    await ip("-n", this.prefix, "link", "set", port, "master", "lan", "up");
  }

  /** Locally administered, and different in every site. */
  private mac(place: number): string {
    const hex = (value: number) => value.toString(16).padStart(2, "0");
    return `02:4f:4c:59:${hex(this.number)}:${hex(place)}`;
  }
}
