import { current, newestFirst } from "../../secrets.ts";
import { ports, type TenantContext } from "../context.ts";
import { hardened, httpRequests, oryLogging, stepMemory } from "../defaults.ts";
import { jsonList } from "../text.ts";
import type { Workload } from "../workload.ts";
import { dsn } from "./postgres.ts";

/**
 * Hydra makes the keys that it signs with at the first request for their public halves: seconds of a core, begun again by
 * every further request, and lost with a request that is given up. So only the gate asks for them while there are none
 * (`prepare`), and the health check first looks whether they are there: the admin API makes none.
 */
const publicKeys = [ports.hydraPublic, "/.well-known/jwks.json"] as const;
const keySets = ["hydra.openid.id-token", "hydra.jwt.access-token"].map(
  (name) => [ports.hydraAdmin, `/admin/keys/${name}`] as const,
);

export function hydra(context: TenantContext): Workload {
  const { tenant, size, urls, generations } = context;
  return {
    ...hardened,
    part: "hydra",
    kind: "service",
    image: tenant.release.images.hydra,
    command: ["serve", "all"],
    env: {
      DSN: dsn("hydra", context, "pool"),
      SERVE_PUBLIC_PORT: String(ports.hydraPublic),
      SERVE_ADMIN_PORT: String(ports.hydraAdmin),
      SERVE_PUBLIC_CORS_ENABLED: String(tenant.cors.length > 0),
      ...(tenant.cors.length > 0 && { SERVE_PUBLIC_CORS_ALLOWED_ORIGINS: JSON.stringify(tenant.cors) }),
      URLS_SELF_ISSUER: urls.api,
      URLS_LOGIN: `${urls.login}/login`,
      URLS_CONSENT: `${urls.login}/consent`,
      URLS_LOGOUT: `${urls.login}/logout`,
      URLS_ERROR: `${urls.login}/error`,
      URLS_POST_LOGOUT_REDIRECT: `${urls.login}/`,
      SECRETS_SYSTEM: jsonList(newestFirst("hydra/system", generations)),
      SECRETS_COOKIE: jsonList(newestFirst("hydra/cookie", generations)),
      SECRETS_PAGINATION: jsonList(newestFirst("hydra/pagination", generations)),
      OIDC_SUBJECT_IDENTIFIERS_SUPPORTED_TYPES: JSON.stringify(["public", "pairwise"]),
      OIDC_SUBJECT_IDENTIFIERS_PAIRWISE_SALT: {
        parts: [current("hydra/pairwise-salt", generations)],
      },
      OAUTH2_PKCE_ENFORCED_FOR_PUBLIC_CLIENTS: "true",
      OAUTH2_EXPOSE_INTERNAL_ERRORS: "false",
      // Hydra's default is None, which would send the cookie along from anywhere.
      SERVE_COOKIES_SAME_SITE_MODE: "Lax",
      ...oryLogging,
    },
    memory: size.hydra,
    // Not /health/ready: with a wrong system secret that says 200 while every token flow fails.
    health: httpRequests(...keySets, publicKeys),
    prepare: httpRequests(publicKeys),
    after: "migrate",
    outage: { seconds: 5, without: "tokens" },
  };
}

/** Brings Hydra's schema to the release's version; a second run finds nothing to do. */
export function hydraMigrate(context: TenantContext): Workload {
  const { tenant, size } = context;
  return {
    ...hardened,
    part: "hydra-migrate",
    kind: "step",
    image: tenant.release.images.hydra,
    command: ["migrate", "sql", "up", "-e", "--yes"],
    env: { DSN: dsn("hydra", context, "migration"), ...oryLogging },
    memory: stepMemory(size.hydra),
    outage: { seconds: 0, repeats: "migrations of hydra run again" },
  };
}
