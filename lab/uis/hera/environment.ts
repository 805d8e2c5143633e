import {
  databaseUrl,
  type Environment,
  encryptionKey,
  onOff,
  portNumber,
  readEnvironment,
  serverUrl,
  tableName,
  type Variable,
} from "../web/environment.ts";

/** Hera's environment contract; what the real image reads and a stand-in has no use for is left out. */
export const heraContract = {
  PORT: { check: portNumber },
  KRATOS_PUBLIC_URL: { required: true, check: serverUrl },
  KRATOS_ADMIN_URL: { required: true, check: serverUrl },
  HYDRA_ADMIN_URL: { required: true, check: serverUrl },
  /** The only address here that a browser follows. */
  HYDRA_PUBLIC_URL: { required: true, check: serverUrl },
  DATABASE_URL: { required: true, check: databaseUrl },
  SETTINGS_TABLE: { required: true, check: tableName },
  ENCRYPTION_KEY: { required: true, check: encryptionKey },
  APP_INSTANCE: { required: true },
  DEFAULT_OAUTH2_CLIENT_ID: {},
  CAPTCHA_ENABLED: { check: onOff },
  CAPTCHA_SITE_KEY: {},
  CAPTCHA_SECRET_KEY: {},
  /** Checked and then unused: the stand-in has no demo accounts to allow. */
  ALLOW_DEMO_ACCOUNTS: { check: onOff },
} as const satisfies Record<string, Variable>;

export type HeraEnvironment = Environment<typeof heraContract>;

export const readHeraEnvironment = (environment: Readonly<Record<string, string | undefined>>) =>
  readEnvironment("hera", heraContract, environment);
