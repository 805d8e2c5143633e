import { current } from "../../secrets.ts";
import { athenaClientId, internalUrls, ports, type TenantContext } from "../context.ts";
import { hardened, httpHealth } from "../defaults.ts";
import type { Workload } from "../workload.ts";
import { instance } from "./hera.ts";
import { dsn } from "./postgres.ts";

/**
 * Athena, the admin UI. Olympus signs operators in through a second Kratos and Hydra (IAM); in the single
 * shape IAM_* and AUTH_* point at the tenant's own.
 */
export function athena(context: TenantContext): Workload {
  const { tenant, size, urls, generations } = context;
  return {
    ...hardened,
    part: "athena",
    kind: "service",
    image: tenant.release.images.athena,
    command: [],
    env: {
      NODE_ENV: "production",
      HOSTNAME: "0.0.0.0",
      PORT: String(ports.athena),
      KRATOS_PUBLIC_URL: internalUrls.kratosPublic,
      KRATOS_ADMIN_URL: internalUrls.kratosAdmin,
      HYDRA_PUBLIC_URL: internalUrls.hydraPublic,
      HYDRA_ADMIN_URL: internalUrls.hydraAdmin,
      IAM_KRATOS_PUBLIC_URL: internalUrls.kratosPublic,
      IAM_KRATOS_ADMIN_URL: internalUrls.kratosAdmin,
      IAM_HYDRA_PUBLIC_URL: internalUrls.hydraPublic,
      IAM_HYDRA_ADMIN_URL: internalUrls.hydraAdmin,
      AUTH_HYDRA_URL: internalUrls.hydraPublic,
      AUTH_HYDRA_ADMIN_URL: internalUrls.hydraAdmin,
      AUTH_KRATOS_ADMIN_URL: internalUrls.kratosAdmin,
      // These three are what a browser follows; the server reads them when it runs, not when it is built.
      NEXT_PUBLIC_APP_URL: urls.admin,
      NEXT_PUBLIC_AUTH_HYDRA_URL: urls.api,
      NEXT_PUBLIC_IAM_HYDRA_PUBLIC_URL: urls.api,
      OAUTH_CLIENT_ID: athenaClientId,
      SESSION_SIGNING_KEY: { parts: [current("athena/session-signing-key", generations)] },
      ENCRYPTION_KEY: { parts: [current("olympus/encryption-key", generations)] },
      DATABASE_URL: dsn("olympus", context),
      ATHENA_INTERNAL_URL: internalUrls.athena,
      HERA_INTERNAL_URL: internalUrls.hera,
      ...instance,
      CAPTCHA_ENABLED: "false",
    },
    memory: size.athena,
    health: httpHealth(ports.athena, "/api/health"),
    after: "bootstrap",
    outage: { seconds: 5, without: "the admin UI" },
  };
}
