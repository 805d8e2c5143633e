/**
 * Every name and address that is derived rather than written: physical names of a tenant's containers,
 * networks and volume, its host names, and the bridges that one host rule covers. The CLI, the components and
 * the tests take them from here, so they cannot drift apart.
 */

/** Prefix of all tenant bridges; the host's INPUT rule matches `oly-+`. Linux allows 15 characters in all. */
export const bridgePrefix = "oly-";

/** Label on everything that this program makes on a host. */
export const managedBy = "olympus-fleet";

/** `acme-kratos`: also the logical name, so a log line leads to the resource. */
export const physicalName = (tenant: string, part: string) => `${tenant}-${part}`;

/** Prefix of those that have a way out. */
export const egressPrefix = `${bridgePrefix}e`;

/** `oly-i3fa2c` and `oly-e3fa2c`: the pool index is unique on a host, so are the bridges. */
export function bridgeName(index: number, network: "internal" | "egress"): string {
  return `${bridgePrefix}${network === "internal" ? "i" : "e"}${index.toString(16)}`;
}

/** Host names of a tenant, in the order login UI, Hydra's public API, admin UI. */
export interface HostNames {
  readonly login: string;
  readonly api: string;
  readonly admin: string;
}

export function hostNames(tenant: string, domain: string): HostNames {
  return {
    login: `${tenant}.${domain}`,
    api: `${tenant}-api.${domain}`,
    admin: `${tenant}-admin.${domain}`,
  };
}

/** `https://acme.localhost:8443`: the port is written only where a browser would. */
export function origin(hostName: string, httpsPort: number): string {
  return httpsPort === 443 ? `https://${hostName}` : `https://${hostName}:${httpsPort}`;
}

/** Caddy's container: one per host, so the name needs no host in it. */
export const caddyContainer = "olympus-caddy";

export const firewallContainer = "olympus-firewall";
