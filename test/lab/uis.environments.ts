/** Complete environments, as a tenant's containers get them. */
export const heraEnvironment = {
  KRATOS_PUBLIC_URL: "http://kratos:5000",
  KRATOS_ADMIN_URL: "http://kratos:5001",
  HYDRA_ADMIN_URL: "http://hydra:5003",
  HYDRA_PUBLIC_URL: "https://acme-api.example",
  DATABASE_URL: "postgresql://olympus:secret@postgres:5432/olympus?sslmode=disable",
  SETTINGS_TABLE: "ciam_settings",
  ENCRYPTION_KEY: "8f1c2d3e4b5a69788796a5b4c3d2e1f0",
  APP_INSTANCE: "CIAM",
  CAPTCHA_ENABLED: "false",
};

export const heraRequired = [
  "KRATOS_PUBLIC_URL",
  "KRATOS_ADMIN_URL",
  "HYDRA_ADMIN_URL",
  "HYDRA_PUBLIC_URL",
  "DATABASE_URL",
  "SETTINGS_TABLE",
  "ENCRYPTION_KEY",
  "APP_INSTANCE",
] as const;

export const athenaEnvironment = {
  KRATOS_ADMIN_URL: "http://kratos:5001",
  KRATOS_PUBLIC_URL: "http://kratos:5000",
  HYDRA_PUBLIC_URL: "http://hydra:5002",
  HYDRA_ADMIN_URL: "http://hydra:5003",
  IAM_KRATOS_PUBLIC_URL: "http://kratos:5000",
  IAM_KRATOS_ADMIN_URL: "http://kratos:5001",
  IAM_HYDRA_PUBLIC_URL: "http://hydra:5002",
  IAM_HYDRA_ADMIN_URL: "http://hydra:5003",
  AUTH_HYDRA_URL: "http://hydra:5002",
  AUTH_HYDRA_ADMIN_URL: "http://hydra:5003",
  AUTH_KRATOS_ADMIN_URL: "http://kratos:5001",
  NEXT_PUBLIC_APP_URL: "https://acme-admin.example",
  NEXT_PUBLIC_AUTH_HYDRA_URL: "https://acme-api.example",
  NEXT_PUBLIC_IAM_HYDRA_PUBLIC_URL: "https://acme-api.example",
  OAUTH_CLIENT_ID: "athena",
  SESSION_SIGNING_KEY: Buffer.from("8f1c2d3e4b5a69788796a5b4c3d2e1f0").toString("base64"),
  ENCRYPTION_KEY: "8f1c2d3e4b5a69788796a5b4c3d2e1f0",
  DATABASE_URL: "postgresql://olympus:secret@postgres:5432/olympus",
  SETTINGS_TABLE: "ciam_settings",
  APP_INSTANCE: "CIAM",
  ATHENA_INTERNAL_URL: "http://athena:3000",
  HERA_INTERNAL_URL: "http://hera:3000",
};

/** All of Athena's: what is optional there is not in the environment above. */
export const athenaRequired = Object.keys(athenaEnvironment);
