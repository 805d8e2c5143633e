import type { Host, Size, StackConfig, Tenant } from "../model.ts";
import { hostNames, origin } from "../names.ts";
import type { Generations } from "../secrets.ts";
import { visitorsPort } from "../wayIn.ts";

/** Olympus's ports (Ory's defaults are 4433-4445). All are reachable only inside the tenant's network. */
export const ports = {
  postgres: 5432,
  kratosPublic: 5000,
  kratosAdmin: 5001,
  hydraPublic: 5002,
  hydraAdmin: 5003,
  hera: 3000,
  athena: 3000,
} as const;

/** Addresses as the services see each other, by alias inside the tenant's network. */
export const internalUrls = {
  kratosPublic: `http://kratos:${ports.kratosPublic}`,
  kratosAdmin: `http://kratos:${ports.kratosAdmin}`,
  hydraPublic: `http://hydra:${ports.hydraPublic}`,
  hydraAdmin: `http://hydra:${ports.hydraAdmin}`,
  hera: `http://hera:${ports.hera}`,
  athena: `http://athena:${ports.athena}`,
} as const;

/** Client of Athena in the tenant's own Hydra: public, with PKCE. */
export const athenaClientId = "athena-client";

/** What the workloads of one tenant share. */
export interface TenantContext {
  readonly tenant: Tenant;
  readonly size: Size;
  /** Generations of its secrets that are in use. */
  readonly generations: Generations;
  /** Origins in the browser, without a trailing slash. `login` is where people are sent to for sign-in. */
  readonly urls: { readonly login: string; readonly api: string; readonly admin: string };
  /** Every origin of the login UI: the tenant's own name and its custom domains. */
  readonly logins: readonly string[];
}

export function tenantContext(tenant: Tenant, host: Host, config: StackConfig): TenantContext {
  const names = hostNames(tenant.name, config.domain);
  const port = visitorsPort(host, config);
  return {
    tenant,
    size: tenant.size,
    generations: {
      newest: tenant.secretsGeneration,
      oldest: tenant.secretsOldest,
      roots: tenant.secretsRoots,
    },
    urls: {
      login: origin(tenant.login ?? names.login, port),
      api: origin(names.api, port),
      admin: origin(names.admin, port),
    },
    logins: [names.login, ...tenant.domains].map((name) => origin(name, port)),
  };
}
