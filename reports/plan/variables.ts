/**
 * What environment variables mean, for the words of a change. A variable that is not here is shown by its name, so
 * a new setting needs no line here to be seen.
 */
const meanings: Readonly<Record<string, string>> = {
  COURIER_SMTP_CONNECTION_URI: "mail server",
  COURIER_SMTP_FROM_ADDRESS: "sender address",
  COURIER_SMTP_FROM_NAME: "sender name",
  DATABASE_URL: "database connection",
  DEFAULT_OAUTH2_CLIENT_ID: "default client",
  DSN: "database connection",
  ENCRYPTION_KEY: "encryption key",
  GOMEMLIMIT: "memory goal of Go's collector",
  IDENTITY_SCHEMAS: "identity schemas",
  OIDC_SUBJECT_IDENTIFIERS_PAIRWISE_SALT: "salt of pairwise subjects",
  LOGIN_ROLES_SQL: "passwords of services for the database",
  OLDEST: "oldest generation of secrets",
  RECOVERY_HMAC_SECRET: "recovery secret",
  SECRETS_CIPHER: "cipher secrets",
  SECRETS_COOKIE: "cookie secrets",
  SECRETS_DEFAULT: "default secrets",
  SECRETS_PAGINATION: "pagination secrets",
  SECRETS_SYSTEM: "system secrets",
  SELFSERVICE_ALLOWED_RETURN_URLS: "allowed return addresses",
  SELFSERVICE_FLOWS_LOGIN_AFTER: "checks after a sign-in",
  SELFSERVICE_FLOWS_RECOVERY_ENABLED: "recovery by mail",
  SELFSERVICE_FLOWS_VERIFICATION_ENABLED: "verification by mail",
  SELFSERVICE_METHODS_TOTP_CONFIG_ISSUER: "name in authenticator apps",
  SERVE_PUBLIC_CORS_ALLOWED_ORIGINS: "origins that browsers may call from",
  SERVE_PUBLIC_CORS_ENABLED: "calls from browsers",
  SESSION_SIGNING_KEY: "session signing key",
  TENANT_INIT_SQL: "roles and databases of an empty volume",
  URLS_SELF_ISSUER: "issuer",
};

/** Variables with the address of a page of the login UI, which move together. */
const page = /^(SELFSERVICE_FLOWS_.*_UI_URL|SELFSERVICE_DEFAULT_BROWSER_RETURN_URL|URLS_(?!SELF_ISSUER$).*)$/;

/** Where a page has moved to another host and nothing else about it differs, the two origins. */
export function movedPage(
  name: string,
  before: string | undefined,
  after: string | undefined,
): { readonly from: string; readonly to: string } | undefined {
  const [from, to] = [before, after].map((value) => /^(https:\/\/[^/]+)(\/.*)$/.exec(value ?? ""));
  if (!page.test(name) || !from?.[1] || !to?.[1] || from[2] !== to[2]) return undefined;
  return { from: from[1], to: to[1] };
}

/** `database connection of kratos`. */
export function variableWords(part: string, name: string): string {
  // The step has no settings of its own; this is what it makes in the others.
  if (/^BOOTSTRAP(_\d+)?$/.test(name)) return "administrator and OAuth2 clients:";
  return `${Object.hasOwn(meanings, name) ? meanings[name] : name} of ${part}`;
}
