import { hkdfSync } from "node:crypto";

/**
 * A tenant's secrets. One random root key per tenant is stored; all else is derived from it with
 * HKDF-SHA256 under a label that carries a version, `kratos/cipher/1`. So a restore needs one key, and a new
 * generation is a new label, never a new resource.
 */

/** How the derived bytes are written, as each consumer demands it. */
export type SecretFormat =
  /** 32 bytes, 64 characters. */
  | "hex32"
  /** 16 bytes, exactly 32 characters: what Kratos's ciphers take as a key; with 64 they fail. */
  | "hex16"
  /** 32 bytes as base64: Athena's SESSION_SIGNING_KEY. */
  | "base64"
  /** 24 bytes as base64url, 32 characters: safe in a URL, so in a DSN, without escaping. */
  | "password";

/** A secret that is derived from the tenant's root key. */
export interface RootSecret {
  readonly from: "root";
  readonly label: string;
  readonly format: SecretFormat;
}

/** Where a secret comes from. The value is looked up when a workload is rendered, never kept in the model. */
export type SecretRef =
  | RootSecret
  /** Password of the Postgres superuser. */
  | { readonly from: "database" }
  /** A stack secret by its key without namespace, `smtp-main`. */
  | { readonly from: "stack"; readonly key: string };

/** What may rotate is written in lists, newest first; what may not stays at generation 1. */
const rootSecrets = {
  "postgres/kratos": { format: "password", rotates: false },
  "postgres/hydra": { format: "password", rotates: false },
  "postgres/olympus": { format: "password", rotates: false },
  "kratos/default": { format: "hex32", rotates: true },
  // Kratos up to v26.2.0 takes the list for its continuity cookies as pairs of a signing key and an AES key, which has 16,
  // 24 or 32 bytes (driver/registry_default.go, ContinuityCookieManager; mended in ory/kratos@1127456b3).
  "kratos/cookie": { format: "hex16", rotates: true },
  "kratos/cipher": { format: "hex16", rotates: true },
  "kratos/pagination": { format: "hex32", rotates: true },
  "hydra/system": { format: "hex32", rotates: true },
  "hydra/cookie": { format: "hex32", rotates: true },
  "hydra/pagination": { format: "hex32", rotates: true },
  // Changing it changes every pairwise subject that relying parties have stored.
  "hydra/pairwise-salt": { format: "hex32", rotates: false },
  // Olympus has no tool that re-encrypts its settings table (facts: olympus section 3).
  "olympus/encryption-key": { format: "hex32", rotates: false },
  "olympus/recovery-hmac": { format: "hex32", rotates: true },
  "athena/session-signing-key": { format: "base64", rotates: true },
} as const satisfies Record<string, { format: SecretFormat; rotates: boolean }>;

export type SecretName = keyof typeof rootSecrets;

const versioned = (name: SecretName, version: number): RootSecret => ({
  from: "root",
  label: `${name}/${version}`,
  format: rootSecrets[name].format,
});

/** The value to use now: of the newest generation if the secret may rotate, else of the first. */
export function current(name: SecretName, generation: number): RootSecret {
  return versioned(name, rootSecrets[name].rotates ? generation : 1);
}

/** All values from the newest generation to the first, for consumers that take lists. */
export function newestFirst(name: SecretName, generation: number): RootSecret[] {
  if (!rootSecrets[name].rotates) return [versioned(name, 1)];
  return Array.from({ length: generation }, (_, older) => versioned(name, generation - older));
}

/** The secret of a confidential OAuth2 client. */
export function clientSecret(clientId: string): RootSecret {
  return { from: "root", label: `client/${clientId}/1`, format: "password" };
}

/**
 * The password that an administrator is made with; afterwards it is the administrator's own. Another address has
 * another one: who follows in `admin.email` must not learn the predecessor's. Kratos compares addresses in lower case.
 */
export function administratorPassword(email: string): RootSecret {
  return { from: "root", label: `athena/administrator/${email.toLowerCase()}/1`, format: "password" };
}

/**
 * What every administrator of a tenant was made with before the label had the address in it. The bootstrap step
 * recognises such administrators by it. To be removed when no tenant is older than that.
 */
export const sharedAdministratorPassword: RootSecret = {
  from: "root",
  label: "athena/administrator/1",
  format: "password",
};

const bytes: Record<SecretFormat, number> = { hex32: 32, hex16: 16, base64: 32, password: 24 };

/**
 * Derives one value. The salt is empty on purpose: the root key is uniformly random (RFC 5869, section 3.1),
 * and a salt would be one more thing to keep for a restore.
 */
export function derive(rootKey: Uint8Array, label: string, format: SecretFormat): string {
  const derived = Buffer.from(hkdfSync("sha256", rootKey, "", `olympus-fleet/${label}`, bytes[format]));
  switch (format) {
    case "hex32":
    case "hex16":
      return derived.toString("hex");
    case "base64":
      return derived.toString("base64");
    case "password":
      return derived.toString("base64url");
  }
}
