import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../../../fleet/names.ts";
import { derive, type SecretRef } from "../../../fleet/secrets.ts";
import { fill, type Text } from "../../../fleet/tenant/text.ts";

/** Reads a secret of the stack's configuration by its key without namespace, `smtp-main`. */
export type StackSecret = (key: string) => pulumi.Output<string>;

export interface TenantSecrets {
  /** One secret. */
  value(ref: SecretRef): pulumi.Output<string>;
  /** `NAME=value` for each variable, with references filled in; the whole list is a secret. */
  environment(variables: Readonly<Record<string, Text>>): pulumi.Output<string[]>;
}

/**
 * The two random values of a tenant. **Losing the root key loses every secret that the tenant's data is
 * encrypted with**, so it is protected and kept like the volume, unless the stack says `protectData: false`.
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

  const value = (ref: SecretRef): pulumi.Output<string> => {
    switch (ref.from) {
      case "root":
        return pulumi.secret(
          root.result.apply((key) => derive(Buffer.from(key, "utf8"), ref.label, ref.format)),
        );
      case "database":
        return database.result;
      case "stack":
        return stackSecret(ref.key);
    }
  };
  const filled = (variable: string, content: Text): pulumi.Output<string> => {
    if (typeof content === "string") return pulumi.output(`${variable}=${content}`);
    const references = content.parts.filter((part) => typeof part !== "string");
    return pulumi.all(references.map(value)).apply((values) => {
      const byReference = new Map(references.map((ref, index) => [ref, values[index] ?? ""]));
      return `${variable}=${fill(content, (ref) => byReference.get(ref) ?? "")}`;
    });
  };
  return {
    value,
    environment: (variables) =>
      pulumi.all(
        Object.entries(variables)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([variable, content]) => filled(variable, content)),
      ),
  };
}
