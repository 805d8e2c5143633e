import type { Host, StackConfig } from "./model.ts";

/** What stands in front of a stack's hosts, as they need to know it. */
export interface BehindEdge {
  /** CIDR ranges from which hosts believe the PROXY protocol. */
  readonly from: readonly string[];
  /** The port that visitors know: the edge's, the same on each of its hosts. */
  readonly httpsPort: number;
}

/** Undefined where visitors reach each host by itself. */
export function behindEdge({ edge, hosts }: Pick<StackConfig, "edge" | "hosts">): BehindEdge | undefined {
  if (edge === undefined) return undefined;
  const httpsPort = edge.hosts.flatMap((name) => hosts[name]?.httpsPort ?? [])[0] ?? 443;
  return { from: edge.from, httpsPort };
}

/** The port in the addresses of a host's tenants. */
export const visitorsPort = (host: Host, config: StackConfig) =>
  behindEdge(config)?.httpsPort ?? host.httpsPort;

/** Those that route to the others. */
export const edgeHosts = ({ edge, hosts }: StackConfig): Host[] =>
  Object.values(hosts).filter(({ name }) => edge?.hosts.includes(name));

/** Those that tenants live on. */
export const homeHosts = ({ edge, hosts }: StackConfig): Host[] =>
  Object.values(hosts).filter(({ name }) => !edge?.hosts.includes(name));
