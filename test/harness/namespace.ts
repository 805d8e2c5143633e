import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { execa } from "execa";
import { LabError } from "../../lab/progress.ts";

/** Documentation addresses (RFC 5737): nobody's, so no route of the machine's is hidden. */
const hostAddress = "203.0.113.1";
const neighbourAddress = "203.0.113.2";
const prefix = 30;

const ip = (...args: string[]) => execa("ip", args);

/**
 * A machine next to the host, as a network namespace: the way to it leads through the host's routing, as to any
 * other machine, and it can be told to send its own packets through the host. One at a time.
 */
export class Neighbour {
  readonly address = neighbourAddress;
  /** The host, as the neighbour reaches it. */
  readonly hostAddress = hostAddress;
  readonly name: string;
  /** The host's end of the cable. */
  readonly cable: string;
  private readonly undo: (() => Promise<unknown>)[] = [];

  private constructor(name: string) {
    this.name = name;
    this.cable = `${name}h`;
  }

  static async connect(): Promise<Neighbour> {
    if (process.getuid?.() !== 0) {
      throw new LabError(
        "Tests of what lies outside the host make a network namespace, which only root can.",
      );
    }
    const neighbour = new Neighbour(`olyt${randomBytes(3).toString("hex")}`);
    const { name, cable } = neighbour;
    try {
      await ip("netns", "add", name);
      await ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name);
      await ip("address", "add", `${hostAddress}/${prefix}`, "dev", cable);
      await ip("link", "set", cable, "up");
      await ip("-n", name, "address", "add", `${neighbourAddress}/${prefix}`, "dev", "eth0");
      await ip("-n", name, "link", "set", "eth0", "up");
      await ip("-n", name, "link", "set", "lo", "up");
      await ip("-n", name, "route", "add", "default", "via", hostAddress);
    } catch (error) {
      await neighbour.disconnect();
      throw error;
    }
    return neighbour;
  }

  /** Command line that runs a program at the neighbour. */
  at(...command: readonly string[]): [string, string[]] {
    return ["ip", ["netns", "exec", this.name, ...command]];
  }

  /** Answers connections at a port of the neighbour's until it is disconnected. */
  async serve(port: number): Promise<void> {
    const script = `require("node:net").createServer((socket) => socket.on("error", () => {}).end("hello")).listen(${port}, () => console.log("up"))`;
    const [command, args] = this.at(process.execPath, "-e", script);
    const server = execa(command, args, { reject: false });
    this.undo.push(async () => {
      server.kill();
      await server;
    });
    await once(server.stdout, "data");
  }

  /** Gives the neighbour one more address, to which the host's route leads over the cable. */
  async answerAlsoAs(address: string): Promise<void> {
    await ip("-n", this.name, "address", "add", `${address}/32`, "dev", "lo");
    await ip("route", "add", `${address}/32`, "via", neighbourAddress, "dev", this.cable);
  }

  /**
   * Lets the host forward what the neighbour sends, wherever it goes. Docker closes forwarding only on machines
   * that did not forward before it came; on others (routers, VPN and Kubernetes nodes) this is how it is.
   */
  async letHostForward(): Promise<void> {
    const rule = ["FORWARD", "-i", this.cable, "-j", "ACCEPT"];
    await execa("iptables", ["-w", "5", "-A", ...rule]);
    this.undo.push(() => execa("iptables", ["-w", "5", "-D", ...rule], { reject: false }));
  }

  /** The cable goes with the namespace, and the routes with the cable. */
  async disconnect(): Promise<void> {
    for (const step of this.undo.splice(0)) await step();
    await execa("ip", ["link", "delete", this.cable], { reject: false });
    await execa("ip", ["netns", "delete", this.name], { reject: false });
  }
}
