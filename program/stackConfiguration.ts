import * as pulumi from "@pulumi/pulumi";
import { configurationValue } from "../files/load.ts";
import { isSecretKey } from "../fleet/stackSecrets.ts";

const namespace = "olympus";
const config = new pulumi.Config(namespace);

/** What a stack has set in the namespace `olympus`, before anybody has looked at it. */
export interface StackConfiguration {
  readonly stack: string;
  /** Values by key without namespace. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Keys of its secrets, `smtp-main`. Their values are never read here. */
  readonly secretKeys: readonly string[];
}

/** Reads the stack's configuration without unwrapping a secret. */
export function stackConfiguration(): StackConfiguration {
  const own = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(`${namespace}:`))
    .map(([key, value]) => [key.slice(namespace.length + 1), value] as const);
  return {
    stack: pulumi.getStack(),
    values: Object.fromEntries(
      own.filter(([key]) => !isSecretKey(key)).map(([key, value]) => [key, configurationValue(value)]),
    ),
    secretKeys: own.map(([key]) => key).filter(isSecretKey),
  };
}

/**
 * A secret of the stack by its key without namespace. That it exists has been checked together with the fleet;
 * it is a secret from here on even if somebody has set it without `--secret`.
 */
export function stackSecret(key: string): pulumi.Output<string> {
  return config.requireSecret(key);
}
