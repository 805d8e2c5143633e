import { current } from "../../secrets.ts";
import { internalUrls, ports, type TenantContext } from "../context.ts";
import { hardened, httpHealth } from "../defaults.ts";
import type { Workload } from "../workload.ts";
import { dsn } from "./postgres.ts";

/** Hera's and Athena's tables in the tenant's `olympus` database bear this name and prefix. */
export const instance = {
  APP_INSTANCE: "CIAM",
  NEXT_PUBLIC_APP_INSTANCE: "CIAM",
  SETTINGS_TABLE: "ciam_settings",
};

/** Hera, the login UI: sign-in, consent, logout. It runs Kratos's flows on the server. */
export function hera(context: TenantContext): Workload {
  const { tenant, size, urls, generations } = context;
  return {
    ...hardened,
    part: "hera",
    kind: "service",
    image: tenant.release.images.hera,
    command: [],
    env: {
      NODE_ENV: "production",
      // Next.js binds to HOSTNAME, which the engine would set to the container's id.
      HOSTNAME: "0.0.0.0",
      PORT: String(ports.hera),
      KRATOS_PUBLIC_URL: internalUrls.kratosPublic,
      KRATOS_ADMIN_URL: internalUrls.kratosAdmin,
      HYDRA_ADMIN_URL: internalUrls.hydraAdmin,
      // The one that a browser follows.
      HYDRA_PUBLIC_URL: urls.api,
      ...(tenant.defaultClient !== undefined && { DEFAULT_OAUTH2_CLIENT_ID: tenant.defaultClient }),
      DATABASE_URL: dsn("olympus", context),
      ENCRYPTION_KEY: { parts: [current("olympus/encryption-key", generations)] },
      RECOVERY_HMAC_SECRET: { parts: [current("olympus/recovery-hmac", generations)] },
      ...instance,
      // Its default is true, which without keys refuses every sign-in.
      CAPTCHA_ENABLED: "false",
      ALLOW_DEMO_ACCOUNTS: "false",
    },
    memory: size.hera,
    health: httpHealth(ports.hera, "/health"),
    after: "bootstrap",
    outage: { seconds: 5, without: "the sign-in page" },
  };
}
