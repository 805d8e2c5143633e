/**
 * Every name that is derived rather than written, and is no engine's own: physical names of what a tenant is made of, and
 * its host names. The CLI, the components and the tests take them from here, so they cannot drift apart.
 */

/** Label on everything that this program makes on a host. */
export const managedBy = "olympus-fleet";

/** `acme-kratos`: also the logical name, so a log line leads to the resource. */
export const physicalName = (tenant: string, part: string) => `${tenant}-${part}`;

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
