import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { execa } from "execa";
import type { Neighbour } from "./namespace.ts";
import type { OneHost } from "./oneHost.ts";

/** `10.0.0.1:80`, or `udp/10.0.0.1:80` for a service that answers every datagram. */
export type Target = string;

/** A host with Athena's image, whose Node does the asking. */
export type Probed = Pick<OneHost, "dockerHost" | "docker" | "images">;

/**
 * `open`: somebody answered. `refused`: a packet came back, so the way is open. `silent`: nothing came back, or
 * the kernel knows no way.
 */
export type Reach = "open" | "refused" | "silent";

/** Reads targets, tries all at once, prints what became of each. */
const script = `
const { connect, isIP } = require("node:net");
const { createSocket } = require("node:dgram");
const patience = 1500;
const tried = (target) => new Promise((done) => {
  const [, udp, host, port] = /^(udp\\/)?(.+):(\\d+)$/.exec(target);
  const outcome = (error) => (error?.code === "ECONNREFUSED" ? "refused" : "silent");
  if (udp) {
    const socket = createSocket("udp4");
    const end = (reach) => { clearTimeout(timer); socket.close(); done([target, reach]); };
    const timer = setTimeout(() => end("silent"), patience);
    socket.once("message", () => end("open")).once("error", (error) => end(outcome(error)));
    socket.connect(Number(port), host, (error) => (error ? end(outcome(error)) : socket.send("hello")));
    return;
  }
  const socket = connect({ host, port: Number(port) });
  const end = (reach) => { socket.destroy(); done([target, reach]); };
  socket.setTimeout(patience, () => end("silent"));
  socket.once("connect", () => end("open")).once("error", (error) => end(outcome(error)));
});
const targets = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
Promise.all(targets.map(tried)).then((all) => {
  console.log(JSON.stringify(Object.fromEntries(all)));
  process.exit(0);
});
`;

const read = (stdout: string) => JSON.parse(stdout) as Record<Target, Reach>;

/** Tries the targets as a process in that container would: in its network namespace, with Athena's Node. */
export async function reachFrom(
  fleet: Probed,
  container: string,
  targets: readonly Target[],
): Promise<Record<Target, Reach>> {
  return reachOnNetwork(fleet, `container:${container}`, targets);
}

/** The same on any Docker network: shows that a target would answer if it were let. */
export async function reachOnNetwork(
  fleet: Probed,
  network: string,
  targets: readonly Target[],
): Promise<Record<Target, Reach>> {
  const run = ["run", "--rm", "--interactive", "--network", network, "--entrypoint", "node"];
  const { stdout } = await execa("docker", [...run, fleet.images.athena, "-e", script], {
    env: { DOCKER_HOST: fleet.dockerHost },
    input: JSON.stringify(targets),
  });
  return read(stdout);
}

export async function reachFromHost(targets: readonly Target[]): Promise<Record<Target, Reach>> {
  const { stdout } = await execa(process.execPath, ["-e", script], { input: JSON.stringify(targets) });
  return read(stdout);
}

export async function reachFromNeighbour(
  neighbour: Pick<Neighbour, "at">,
  targets: readonly Target[],
): Promise<Record<Target, Reach>> {
  const [command, args] = neighbour.at(process.execPath, "-e", script);
  const { stdout } = await execa(command, args, { input: JSON.stringify(targets) });
  return read(stdout);
}

/** Everything that answered, or could have. */
export const reached = (results: Readonly<Record<Target, Reach>>) =>
  Object.entries(results)
    .filter(([, reach]) => reach !== "silent")
    .map(([target, reach]) => `${target} ${reach}`);

/** The machine's own addresses besides loopback, bridges of tenants and of Docker among them. */
export const hostAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);

/** A service of the host as careless administrators run them: on every address, TCP and UDP. */
export class HostService {
  readonly port: number;
  private readonly stopAll: () => Promise<void>;

  private constructor(port: number, stopAll: () => Promise<void>) {
    this.port = port;
    this.stopAll = stopAll;
  }

  static async start(): Promise<HostService> {
    const tcp = createServer((socket) => {
      socket.on("error", () => {}); // a caller that only knocked
      socket.end("hello from the host\n");
    }).listen(0, "0.0.0.0");
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket("udp4");
    udp.on("message", (message, { port: from, address }) => udp.send(message, from, address));
    udp.bind(port, "0.0.0.0");
    await once(udp, "listening");
    return new HostService(port, async () => {
      udp.close();
      tcp.close();
      await once(tcp, "close");
    });
  }

  stop(): Promise<void> {
    return this.stopAll();
  }
}
