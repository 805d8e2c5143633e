import { newestFirst } from "../../secrets.ts";
import { smtpKey } from "../../stackSecrets.ts";
import { internalUrls, ports, type TenantContext } from "../context.ts";
import { hardened, httpHealth, oryLogging, stepMemory } from "../defaults.ts";
import { identitySchemas } from "../schemas.ts";
import { jsonList, type Text } from "../text.ts";
import type { Workload } from "../workload.ts";
import { dsn } from "./postgres.ts";

const session = { hook: "session" };
/**
 * Tells Hera where a new account's code is entered. v26.2.0 says it only with this hook (selfservice/hook/verification.go);
 * v1.3.1 says it always, and takes the hook for browsers, which it has none of here.
 */
const showVerification = { hook: "show_verification_ui" };

type Environment = Readonly<Record<string, Text>>;

/**
 * Olympus's production settings, by environment only, and right for Kratos v1.3.1 and v26.2.0 alike: a version passes over
 * variables that it does not know. Two places are stricter: passwords of 12 characters
 * (Olympus's newest file says 8), and the profile method is off, because in the single shape Athena trusts
 * `traits.role`, which a person could otherwise edit.
 */
function settings(context: TenantContext): Environment {
  const { tenant, urls, logins } = context;
  // An application's own scheme has no origin: URL says "null".
  const clientOrigins = tenant.clients
    .flatMap((client) => client.redirectUris)
    .filter((uri) => /^https?:/.test(uri))
    .map((uri) => new URL(uri).origin);
  return {
    SERVE_PUBLIC_PORT: String(ports.kratosPublic),
    SERVE_ADMIN_PORT: String(ports.kratosAdmin),
    // Internal: Hera runs the flows on the server, so Kratos needs no address of its own outside.
    SERVE_PUBLIC_BASE_URL: `${internalUrls.kratosPublic}/`,
    SERVE_ADMIN_BASE_URL: `${internalUrls.kratosAdmin}/`,
    // No browser reaches it, so none is let in; applications call Hydra, which `cors` is for.
    SERVE_PUBLIC_CORS_ENABLED: "false",
    IDENTITY_DEFAULT_SCHEMA_ID: "default",
    IDENTITY_SCHEMAS: identitySchemas(tenant.schemas),
    SELFSERVICE_DEFAULT_BROWSER_RETURN_URL: `${urls.login}/`,
    SELFSERVICE_ALLOWED_RETURN_URLS: JSON.stringify([
      ...new Set([...logins, urls.api, urls.admin, ...clientOrigins]),
    ]),
    SELFSERVICE_FLOWS_ERROR_UI_URL: `${urls.login}/error`,
    SELFSERVICE_FLOWS_LOGIN_UI_URL: `${urls.login}/login`,
    SELFSERVICE_FLOWS_LOGIN_LIFESPAN: "10m",
    SELFSERVICE_FLOWS_REGISTRATION_UI_URL: `${urls.login}/registration`,
    SELFSERVICE_FLOWS_REGISTRATION_LIFESPAN: "10m",
    SELFSERVICE_FLOWS_REGISTRATION_AFTER: JSON.stringify({
      password: { hooks: tenant.mail === "none" ? [session] : [session, showVerification] },
    }),
    SELFSERVICE_FLOWS_SETTINGS_UI_URL: `${urls.login}/settings`,
    SELFSERVICE_FLOWS_SETTINGS_PRIVILEGED_SESSION_MAX_AGE: "15m",
    SELFSERVICE_FLOWS_SETTINGS_REQUIRED_AAL: "highest_available",
    SELFSERVICE_METHODS_PASSWORD_ENABLED: "true",
    SELFSERVICE_METHODS_PASSWORD_CONFIG_MIN_PASSWORD_LENGTH: "12",
    SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "true",
    SELFSERVICE_METHODS_PASSWORD_CONFIG_MAX_BREACHES: "0",
    // Kratos's default, written out: nobody is locked out because the breach list is down.
    SELFSERVICE_METHODS_PASSWORD_CONFIG_IGNORE_NETWORK_ERRORS: "true",
    SELFSERVICE_METHODS_PASSWORD_CONFIG_IDENTIFIER_SIMILARITY_CHECK_ENABLED: "true",
    SELFSERVICE_METHODS_TOTP_ENABLED: "true",
    SELFSERVICE_METHODS_TOTP_CONFIG_ISSUER: new URL(urls.login).hostname,
    SELFSERVICE_METHODS_LOOKUP_SECRET_ENABLED: "true",
    SELFSERVICE_METHODS_PROFILE_ENABLED: "false",
    CIPHERS_ALGORITHM: "xchacha20-poly1305",
    HASHERS_ALGORITHM: "bcrypt",
    HASHERS_BCRYPT_COST: "12",
    SESSION_EARLIEST_POSSIBLE_EXTEND: "1h",
    CLIENTS_HTTP_DISALLOW_PRIVATE_IP_RANGES: "true",
    ...oryLogging,
  };
}

/** Recovery, verification and the verified-address check stand and fall with mail. */
function mail({ tenant }: TenantContext): Environment {
  const on = String(tenant.mail !== "none");
  const switches = {
    SELFSERVICE_FLOWS_RECOVERY_ENABLED: on,
    SELFSERVICE_FLOWS_VERIFICATION_ENABLED: on,
    SELFSERVICE_METHODS_LINK_ENABLED: on,
    SELFSERVICE_METHODS_CODE_ENABLED: on,
  };
  if (tenant.mail === "none") return switches;
  return {
    ...switches,
    SELFSERVICE_FLOWS_RECOVERY_USE: "code",
    // Without it a right recovery code ends at an address for browsers with a cookie of Kratos's; here Hera is its
    // only client, and takes the session from the answer.
    FEATURE_FLAGS_USE_CONTINUE_WITH_TRANSITIONS: "true",
    SELFSERVICE_FLOWS_VERIFICATION_USE: "code",
    // Hera shows the form's own message to a person whose address is not verified. v26.2.0 answers with a verification
    // flow in its place unless told so; v1.3.1 always does what Hera expects, and does not know the variable.
    FEATURE_FLAGS_LEGACY_REQUIRE_VERIFIED_LOGIN_ERROR: "true",
    SELFSERVICE_FLOWS_LOGIN_AFTER: JSON.stringify({ hooks: [{ hook: "require_verified_address" }] }),
    COURIER_SMTP_CONNECTION_URI: { parts: [{ from: "stack", key: smtpKey(tenant.mail.smtp) }] },
    COURIER_SMTP_FROM_ADDRESS: tenant.mail.from,
    COURIER_SMTP_FROM_NAME: tenant.name,
  };
}

/** Pages that exist with mail alone: without it these two lead nowhere. */
function mailPages({ tenant, urls }: TenantContext): Environment {
  if (tenant.mail === "none") return {};
  return {
    SELFSERVICE_FLOWS_RECOVERY_UI_URL: `${urls.login}/recovery`,
    SELFSERVICE_FLOWS_VERIFICATION_UI_URL: `${urls.login}/verification`,
  };
}

function secrets(context: TenantContext): Environment {
  const list = (name: Parameters<typeof newestFirst>[0]) => jsonList(newestFirst(name, context.generations));
  return {
    SECRETS_DEFAULT: list("kratos/default"),
    SECRETS_COOKIE: list("kratos/cookie"),
    SECRETS_CIPHER: list("kratos/cipher"),
    SECRETS_PAGINATION: list("kratos/pagination"),
  };
}

export function kratos(context: TenantContext): Workload {
  const { tenant, size } = context;
  return {
    ...hardened,
    part: "kratos",
    kind: "service",
    image: tenant.release.images.kratos,
    command: tenant.mail === "none" ? ["serve"] : ["serve", "--watch-courier"],
    env: {
      DSN: dsn("kratos", context, "pool"),
      ...settings(context),
      ...mail(context),
      ...mailPages(context),
      ...secrets(context),
    },
    memory: size.kratos,
    health: httpHealth(ports.kratosPublic, "/health/ready"),
    // Mail, the breached-password check and OIDC providers lie outside.
    wayOut: true,
    after: "migrate",
    outage: { seconds: 5, without: "sign-ins" },
  };
}

/** Brings Kratos's schema to the release's version; a second run finds nothing to do. */
export function kratosMigrate(context: TenantContext): Workload {
  const { tenant, size } = context;
  return {
    ...hardened,
    part: "kratos-migrate",
    kind: "step",
    image: tenant.release.images.kratos,
    command: ["migrate", "sql", "-e", "--yes"],
    env: { DSN: dsn("kratos", context, "migration"), ...oryLogging },
    memory: stepMemory(size.kratos),
    outage: { seconds: 0, repeats: "migrations of kratos run again" },
  };
}
