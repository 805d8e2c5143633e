import type { Fleet } from "../model.ts";
import type { HostReport } from "./stackReport.ts";

/** From here on a host is one fault too large, and another kind of home is worth its price. */
const manyOnOneHost = 50;
const manyInAll = 500;

/** Certificates that Let's Encrypt issues below one registered domain in a week. */
const weeklyCertificates = 50;

/** How the fleet's size sits with its hosts, by the tiers of docs/sizing.md. */
export function advice({ config, tenants, skipped }: Fleet, hosts: readonly HostReport[]): string[] {
  const count = tenants.length + skipped.length;
  const names = hosts.reduce((sum, { certificates }) => sum + certificates, 0);
  const usualAuthority = config.tls.mode === "acme" && config.tls.ca === undefined;
  return [
    ...(count > manyInAll
      ? [
          `The file has ${count} tenants: above ${manyInAll}, split them into stacks or look at a backend that schedules.`,
        ]
      : []),
    ...hosts
      .filter((host) => host.tenants >= manyOnOneHost)
      .map(
        ({ name, tenants: here }) =>
          `Host ${name} has ${here} tenants: from ${manyOnOneHost} on, spread them over several hosts.`,
      ),
    ...(usualAuthority && names > weeklyCertificates
      ? [
          `${names} names need certificates: Let's Encrypt issues about ${weeklyCertificates} a week below one registered ` +
            "domain. Bring tenants up in groups, or ask for a higher limit.",
        ]
      : []),
  ];
}
