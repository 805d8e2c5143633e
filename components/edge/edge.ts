import type * as pulumi from "@pulumi/pulumi";
import { edgeCaddyfile } from "../../backends/docker/caddy/edgeFile.ts";
import type { DockerTenant } from "../../backends/docker/tenant.ts";
import type { Host as HostConfig } from "../../fleet/model.ts";
import { Host, type HostArgs } from "../docker/host/host.ts";

/**
 * As for any host; no certificate is ordered there, and nothing stands in front.
 *
 * @example
 * ```ts
 * new Edge("edge-1", { config: config.hosts["edge-1"], images: config.hostImages, homes: homeHosts(config), plans });
 * ```
 */
export interface EdgeArgs extends Omit<HostArgs, "tls" | "edge" | "caddy"> {
  /** The hosts that tenants live on. */
  homes: readonly HostConfig[];
  /** All tenants of those hosts. A change rewrites the map and reloads; what is open stays open. */
  plans: readonly DockerTenant[];
}

/**
 * 19,000 connections at once, with a second Caddy that checks a new configuration beside them. When it is used up
 * Caddy is started again; the files that an engine lets a container open are more than fit into it (ADR 8).
 */
const mostMiB = 1024;
const leastMiB = 256;

/**
 * A host without tenants that passes visitors on to the hosts that have them, by the name they ask for. It ends no
 * TLS and holds no tenant's certificate. Each host of an edge has the same map, and needs no other one.
 *
 * The map comes from the files alone, so a tenant that could not be made keeps no other one from being reached.
 */
export class Edge extends Host {
  constructor(name: string, { homes, plans, ...host }: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    const file = edgeCaddyfile(host.config, homes, plans);
    const { memoryMiB: all, reserveMiB } = host.config;
    const memoryMiB = Math.max(leastMiB, Math.min(mostMiB, all - reserveMiB));
    super(name, { ...host, tls: { mode: "internal" }, caddy: { file, memoryMiB } }, opts);
  }
}
