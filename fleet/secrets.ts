import { hkdfSync } from "node:crypto";

/**
 * A tenant's secrets. One random root key per tenant is stored; all else is derived from it with
 * HKDF-SHA256 under a label that carries a version, `kratos/cipher/1`. So a restore needs one key, and a new
 * generation is a new label, never a new resource. A tenant may bring root keys of its own.
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

/** A secret that is derived from a root key of the tenant. */
export interface RootSecret {
  readonly from: "root";
  readonly label: string;
  readonly format: SecretFormat;
  /** Which root key: a stack secret by its key without namespace, `root-acme`. Default: the one that Pulumi has made. */
  readonly root?: string | undefined;
}

/** A root key that the tenant has brought, in place of the one that Pulumi has made. */
export interface OwnRoot {
  /** The first generation that is derived from it. Those before are derived from the root key before. */
  readonly since: number;
  /** The stack secret by its key without namespace, `root-acme`. */
  readonly key: string;
}

/** Where a secret comes from. The value is looked up when a workload is rendered, never kept in the model. */
export type SecretRef =
  | RootSecret
  /** Password of the Postgres superuser. */
  | { readonly from: "database" }
  /** A stack secret by its key without namespace, `smtp-main`. */
  | { readonly from: "stack"; readonly key: string };

/**
 * Which of a tenant's generations of secrets are in use.
 *
 * New things are made with the newest; what was made with one from `oldest` on can be read.
 */
export interface Generations {
  readonly newest: number;
  /** At most `newest`. */
  readonly oldest: number;
  /** In the order of `since`. Default: none, all is derived from the root key that Pulumi has made. */
  readonly roots?: readonly OwnRoot[] | undefined;
}

/** All root keys that are in use, with the one that Pulumi has made where the tenant has not brought the first. */
export const rootsInOrder = (
  roots: readonly OwnRoot[] = [],
): readonly { readonly since: number; readonly key: string | undefined }[] =>
  roots.some(({ since }) => since === 1) ? roots : [{ since: 1, key: undefined }, ...roots];

/** The root key of a generation: a stack secret's key, or undefined for the one that Pulumi has made. */
export const rootOf = (version: number, roots: readonly OwnRoot[] = []): string | undefined =>
  roots.findLast(({ since }) => since <= version)?.key;

/** What becomes of older values when there are new ones. */
type Rotation =
  /** There is one value, for ever. */
  | "never"
  /** The new value takes the place of the old one, or stands in front of those that are kept. */
  | "to-oldest"
  /** Every value is kept for reading, whatever `oldest` says: what it has encrypted is never encrypted again. */
  | "all-kept";

const rootSecrets = {
  // A generation has a login role of its own: services/databases.ts.
  "postgres/kratos": { format: "password", rotates: "to-oldest" },
  "postgres/hydra": { format: "password", rotates: "to-oldest" },
  "postgres/olympus": { format: "password", rotates: "to-oldest" },
  "kratos/default": { format: "hex32", rotates: "to-oldest" },
  // Kratos up to v26.2.0 takes the list for its continuity cookies as pairs of a signing key and an AES key, which has 16,
  // 24 or 32 bytes (driver/registry_default.go, ContinuityCookieManager; mended in ory/kratos@1127456b3).
  "kratos/cookie": { format: "hex16", rotates: "to-oldest" },
  // Kratos does not encrypt again what it has: tokens of social sign-in.
  "kratos/cipher": { format: "hex16", rotates: "all-kept" },
  "kratos/pagination": { format: "hex32", rotates: "to-oldest" },
  "hydra/system": { format: "hex32", rotates: "to-oldest" },
  "hydra/cookie": { format: "hex32", rotates: "to-oldest" },
  "hydra/pagination": { format: "hex32", rotates: "to-oldest" },
  // Changing it changes every pairwise subject that relying parties have stored.
  "hydra/pairwise-salt": { format: "hex32", rotates: "never" },
  // Olympus has no tool that re-encrypts its settings table (facts: olympus section 3).
  "olympus/encryption-key": { format: "hex32", rotates: "never" },
  "olympus/recovery-hmac": { format: "hex32", rotates: "to-oldest" },
  "athena/session-signing-key": { format: "base64", rotates: "to-oldest" },
} as const satisfies Record<string, { format: SecretFormat; rotates: Rotation }>;

export type SecretName = keyof typeof rootSecrets;

const versioned = (name: SecretName, version: number, roots?: readonly OwnRoot[]): RootSecret => ({
  from: "root",
  label: `${name}/${version}`,
  format: rootSecrets[name].format,
  root: rootOf(version, roots),
});

/** The value to use now: of the newest generation if the secret may rotate, else of the first. */
export function current(name: SecretName, { newest, roots }: Generations): RootSecret {
  return versioned(name, rootSecrets[name].rotates === "never" ? 1 : newest, roots);
}

/** All values that are in use, for consumers that take lists: the first is for writing, the others are for reading. */
export function newestFirst(name: SecretName, { newest, oldest, roots }: Generations): RootSecret[] {
  const { rotates } = rootSecrets[name];
  if (rotates === "never") return [versioned(name, 1, roots)];
  const last = rotates === "all-kept" ? 1 : oldest;
  return Array.from({ length: newest - last + 1 }, (_, older) => versioned(name, newest - older, roots));
}

/**
 * The secret of a confidential OAuth2 client. It stays as it is, whatever the tenant's newest generation, since applications have it:
 * the client itself says of which generation it is.
 */
export function clientSecret(
  { id, secretGeneration = 1 }: { readonly id: string; readonly secretGeneration?: number | undefined },
  roots?: readonly OwnRoot[],
): RootSecret {
  const label = `client/${id}/${secretGeneration}`;
  return { from: "root", label, format: "password", root: rootOf(secretGeneration, roots) };
}

/**
 * The password that an administrator is made with; afterwards it is the administrator's own. Another address has
 * another one: who follows in `admin.email` must not learn the predecessor's. Kratos compares addresses in lower case.
 */
export function administratorPassword(email: string, roots?: readonly OwnRoot[]): RootSecret {
  return {
    from: "root",
    label: `athena/administrator/${email.toLowerCase()}/1`,
    format: "password",
    root: rootOf(1, roots),
  };
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

/**
 * Tells root keys apart without telling anything of them: 128 bits that are derived like all else. The state keeps it in plain
 * text, so that another key than the one that data is encrypted with is refused before anything is touched.
 */
export const rootFingerprint = (rootKey: string): string =>
  derive(Buffer.from(rootKey, "utf8"), "fingerprint/1", "hex16");

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
