/** Names that only an engine's host has: its bridges, and the containers of the host itself. */

/** Prefix of all tenant bridges; the firewall's rules match `oly-+`. Linux allows 15 characters in all. */
export const bridgePrefix = "oly-";

/** Prefix of those that have none but the host itself. */
export const internalPrefix = `${bridgePrefix}i`;

/** Prefix of those that have a way out. */
export const egressPrefix = `${bridgePrefix}e`;

/** `oly-i3fa2c` and `oly-e3fa2c`: the pool index is unique on a host, so are the bridges. */
export function bridgeName(index: number, network: "internal" | "egress"): string {
  return `${network === "internal" ? internalPrefix : egressPrefix}${index.toString(16)}`;
}

/** Caddy's container: one per host, so the name needs no host in it. */
export const caddyContainer = "olympus-caddy";

export const firewallContainer = "olympus-firewall";

const reach = "-reach";

/** Logical name of the Command that everything on a host depends on. */
export const reachName = (host: string) => `${host}${reach}`;

/** Whose it is; undefined for a Command of another name. */
export const hostOfReach = (name: string): string | undefined =>
  name.endsWith(reach) ? name.slice(0, -reach.length) : undefined;
