import { execa } from "execa";
import type { Network } from "./network.ts";

/** A machine in a site's network that is nobody's host: somebody's laptop, or who should not get in. */
export class SiteVisitor {
  readonly address: string;
  private readonly namespace: string;

  private constructor(address: string, namespace: string) {
    this.address = address;
    this.namespace = namespace;
  }

  /** @param place last part of its address */
  static async connect(network: Network, place: number, hosts: readonly number[]): Promise<SiteVisitor> {
    const name = `visitor-${place}`;
    await network.attach(name, place);
    await network.acquaint(hosts, name);
    return new SiteVisitor(network.address(place), network.namespace(name));
  }

  /** Command line that runs a program of this machine's, with the visitor's network: `curl`, for one. */
  at(...command: readonly string[]): [string, string[]] {
    return ["nsenter", [`--net=/run/netns/${this.namespace}`, "--", ...command]];
  }

  /** Standard output of a command that must succeed there. */
  async run(...command: readonly string[]): Promise<string> {
    return (await execa(...this.at(...command))).stdout;
  }
}
