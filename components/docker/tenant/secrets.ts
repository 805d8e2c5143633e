import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../../../fleet/names.ts";
import { derive, rootFingerprint, type SecretRef } from "../../../fleet/secrets.ts";
import { fill, type Text } from "../../../fleet/tenant/text.ts";

/** Reads a secret of the stack's configuration by its key without namespace, `smtp-main`. */
export type StackSecret = (key: string) => pulumi.Output<string>;

export interface TenantSecrets {
  /** What they are derived from. */
  readonly resources: readonly pulumi.CustomResource[];
  /** One secret. */
  value(ref: SecretRef): pulumi.Output<string>;
  /** What tells a root key from others; no secret. @param key of the stack secret; undefined for the one that Pulumi makes */
  fingerprint(key: string | undefined): pulumi.Output<string>;
  /** `NAME=value` for each variable, with references filled in; the whole list is a secret. */
  environment(variables: Readonly<Record<string, Text>>): pulumi.Output<string[]>;
}

/**
 * The two random values of a tenant. **Losing the root key loses every secret that the tenant's data is
 * encrypted with**, so it is protected and kept like the volume, unless the stack says `protectData: false`.
 * It is there beside a root key that the tenant has brought, too: generations of before are derived from it.
 *
 * The root key is a password of 64 letters and digits, 381 bits, and not `RandomBytes`: those bear their value as
 * their id, which Pulumi cannot encrypt and writes into the state in plain text (pulumi/pulumi#8946).
 */
export function createSecrets(
  tenant: string,
  stackSecret: StackSecret,
  protect: boolean,
  opts: pulumi.CustomResourceOptions,
): TenantSecrets {
  const kept = { ...opts, protect };
  const root = new random.RandomPassword(
    physicalName(tenant, "root-key"),
    { length: 64, special: false },
    kept,
  );
  const database = new random.RandomPassword(
    physicalName(tenant, "database-password"),
    { length: 32, special: false }, // letters and digits need no escaping in a URL
    kept,
  );

  /** What the random values and the stack's secrets are, by reference. */
  const lookUp = (made: string, databasePassword: string, ofStack: ReadonlyMap<string, string>) => {
    const rootKey = (key: string | undefined) => {
      const value = key === undefined ? made : ofStack.get(key);
      // An empty one would derive values that everybody can.
      if (!value) throw new Error(`tenant ${tenant}: the root key ${key ?? "that Pulumi has made"} is empty`);
      return Buffer.from(value, "utf8");
    };
    return (ref: SecretRef): string => {
      switch (ref.from) {
        case "root":
          return derive(rootKey(ref.root), ref.label, ref.format);
        case "database":
          return databasePassword;
        case "stack":
          return ofStack.get(ref.key) ?? "";
      }
    };
  };
  /**
   * Something made from secrets, as one Output. One for each variable would be fifty a container, and Outputs are what the
   * time and the memory of a large fleet's preview go into.
   */
  const from = <T>(
    refs: readonly SecretRef[],
    make: (secret: (ref: SecretRef) => string) => T,
  ): pulumi.Output<T> => {
    const keys = [...new Set(refs.flatMap((ref) => stackKey(ref) ?? []))];
    const needsMade = refs.some((ref) => ref.from === "root" && ref.root === undefined);
    const needsDatabase = refs.some(({ from }) => from === "database");
    return pulumi
      .secret([
        needsMade ? root.result : "",
        needsDatabase ? database.result : "",
        ...keys.map((key) => stackSecret(key)),
      ])
      .apply(([made = "", databasePassword = "", ...values]) =>
        make(lookUp(made, databasePassword, new Map(keys.map((key, index) => [key, values[index] ?? ""])))),
      );
  };
  return {
    resources: [root, database],
    value: (ref) => from([ref], (secret) => secret(ref)),
    fingerprint: (key) =>
      pulumi.unsecret(
        pulumi.output(key === undefined ? root.result : stackSecret(key)).apply(rootFingerprint),
      ),
    environment: (variables) => {
      const sorted = Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
      const refs = sorted.flatMap(([, content]) =>
        typeof content === "string" ? [] : content.parts.filter((part) => typeof part !== "string"),
      );
      const list = (secret: (ref: SecretRef) => string) =>
        sorted.map(([variable, content]) => `${variable}=${fill(content, secret)}`);
      return refs.length === 0 ? pulumi.output(list(() => "")) : from(refs, list);
    },
  };
}

/** The stack secret that a value is made from. */
function stackKey(ref: SecretRef): string | undefined {
  if (ref.from === "stack") return ref.key;
  return ref.from === "root" ? ref.root : undefined;
}
