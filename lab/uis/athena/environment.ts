import {
  base64Key,
  databaseUrl,
  type Environment,
  encryptionKey,
  milliseconds,
  portNumber,
  readEnvironment,
  serverUrl,
  tableName,
  type Variable,
} from "../web/environment.ts";

const address = { required: true, check: serverUrl } as const;

/** Athena's environment contract. IAM_* are only checked: in the real image they serve the dashboard's layout. */
export const athenaContract = {
  PORT: { check: portNumber },
  KRATOS_ADMIN_URL: address,
  KRATOS_PUBLIC_URL: address,
  HYDRA_PUBLIC_URL: address,
  HYDRA_ADMIN_URL: address,
  IAM_KRATOS_PUBLIC_URL: address,
  IAM_KRATOS_ADMIN_URL: address,
  IAM_HYDRA_PUBLIC_URL: address,
  IAM_HYDRA_ADMIN_URL: address,
  /** Where operators sign in, as this server reaches it. */
  AUTH_HYDRA_URL: address,
  AUTH_HYDRA_ADMIN_URL: address,
  AUTH_KRATOS_ADMIN_URL: address,
  /** These three are what a browser follows. */
  NEXT_PUBLIC_APP_URL: address,
  NEXT_PUBLIC_AUTH_HYDRA_URL: address,
  NEXT_PUBLIC_IAM_HYDRA_PUBLIC_URL: address,
  OAUTH_CLIENT_ID: { required: true },
  SESSION_SIGNING_KEY: { required: true, check: base64Key },
  ENCRYPTION_KEY: { required: true, check: encryptionKey },
  DATABASE_URL: { required: true, check: databaseUrl },
  SETTINGS_TABLE: { required: true, check: tableName },
  APP_INSTANCE: { required: true },
  ATHENA_INTERNAL_URL: address,
  HERA_INTERNAL_URL: address,
  PROXY_TIMEOUT_MS: { check: milliseconds },
} as const satisfies Record<string, Variable>;

export type AthenaEnvironment = Environment<typeof athenaContract>;

export const readAthenaEnvironment = (environment: Readonly<Record<string, string | undefined>>) =>
  readEnvironment("athena", athenaContract, environment);
