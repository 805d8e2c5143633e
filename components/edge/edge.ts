import type * as pulumi from "@pulumi/pulumi";
import type { HostFacts } from "../../fleet/drift/facts.ts";
import type { Host as HostConfig, HostImages } from "../../fleet/model.ts";
import { edgeCaddyfile } from "../../fleet/render/edge.ts";
import type { TenantPlan } from "../../fleet/tenantPlan.ts";
import { Host } from "../host/host.ts";

export interface EdgeArgs {
  /** The edge's own host as the stack's configuration describes it. */
  config: HostConfig;
  /** Images of Caddy and the firewall. A change replaces the container, and every connection with it. */
  images: HostImages;
  /** The hosts that tenants live on. */
  homes: readonly HostConfig[];
  /** All tenants of those hosts. A change rewrites the map and reloads; what is open stays open. */
  plans: readonly TenantPlan[];
  /** What the host has of what Pulumi cannot read: what differs is made anew. Default: nobody has asked. */
  facts?: HostFacts | undefined;
}

/** Ten thousand connections at once, and a configuration that is checked beside them (docs/performance.md). */
const memoryMiB = 1024;
const openFiles = 65_536;

/**
 * A host without tenants that passes visitors on to the hosts that have them, by the name they ask for. It ends no
 * TLS and holds no tenant's certificate. Each host of an edge has the same map, and needs no other one.
 *
 * The map comes from the files alone, so a tenant that could not be made keeps no other one from being reached.
 */
export class Edge extends Host {
  constructor(name: string, { homes, plans, ...host }: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    const file = edgeCaddyfile(host.config, homes, plans);
    super(name, { ...host, tls: { mode: "internal" }, caddy: { file, memoryMiB, openFiles } }, opts);
  }
}
