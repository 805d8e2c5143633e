import type { Fault } from "./fault.ts";
import { judgeLabel } from "./hostName.ts";
import { shown } from "./pasted.ts";

/** First labels below the stack's domain that never belong to a tenant, and names of the program's own parts. */
const reserved = new Set(
  (
    "www api admin control registry status edge mail smtp imap pop pop3 mx ns ns1 ns2 ftp webmail autoconfig " +
    "autodiscover login logout auth oauth oauth2 oidc sso saml id account accounts signup register help support " +
    "localhost host hosts fleet olympus pulumi caddy firewall docker podman system root default defaults " +
    "postgres kratos hydra hera athena bootstrap internal egress"
  ).split(" "),
);

/**
 * What this program puts behind `<tenant>-` in names of containers, networks, volumes, files and vhosts. A tenant
 * called `acme-api` would own the vhost of acme's API.
 */
const suffixes =
  "api admin postgres kratos hydra hera athena bootstrap migrate keeper internal egress network data volume vhost root secret password".split(
    " ",
  );

export function judgeTenantName(value: string): Fault | undefined {
  const fault = judgeLabel(value);
  if (fault !== undefined) return fault;
  if (!reserved.has(value)) return undefined;
  return {
    fault: `${shown(value)} is reserved for the fleet itself`,
    remedy: `Write another name, such as ${value}-corp.`,
  };
}

/** The tenant whose derived names `name` would collide with, if there is one. */
export function derivedFrom(
  name: string,
  tenants: ReadonlySet<string>,
): { tenant: string; suffix: string } | undefined {
  for (const [index] of [...name].entries()) {
    if (name[index] !== "-" || !tenants.has(name.slice(0, index))) continue;
    const suffix = suffixes.find(
      (word) => name.slice(index + 1) === word || name.slice(index + 1).startsWith(`${word}-`),
    );
    if (suffix !== undefined) return { tenant: name.slice(0, index), suffix };
  }
  return undefined;
}

export function isReserved(label: string): boolean {
  return reserved.has(label);
}
