import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../files/fault.ts";
import { configurationValue } from "../files/load.ts";
import { judgeRootKey, sharedRootKeys } from "../files/rootKey.ts";
import { judgeSmtpUri } from "../files/smtpUri.ts";
import { rootFingerprint } from "../fleet/secrets.ts";
import { isRootKey, isSecretKey, smtpKey } from "../fleet/stackSecrets.ts";

const namespace = "olympus";
const config = new pulumi.Config(namespace);

/** What a stack has set in the namespace `olympus`, before anybody has looked at it. */
export interface StackConfiguration {
  readonly stack: string;
  /** Values by key without namespace. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Keys of its secrets, `smtp-main`. Their values go no further than their judges. */
  readonly secretKeys: readonly string[];
  /** What is wrong with secrets, by key. */
  readonly secretFaults: ReadonlyMap<string, Fault>;
}

/** Reads the stack's configuration. Of its secrets only the keys come out, and what is wrong with them. */
export function stackConfiguration(): StackConfiguration {
  const own = ownEntries();
  const roots = new Map(own.filter(([key]) => isRootKey(key)));
  const shared = sharedRootKeys(roots);
  return {
    stack: pulumi.getStack(),
    values: Object.fromEntries(
      own.filter(([key]) => !isSecretKey(key)).map(([key, value]) => [key, configurationValue(value)]),
    ),
    secretKeys: own.map(([key]) => key).filter(isSecretKey),
    secretFaults: new Map(
      own.flatMap(([key, value]) => {
        const fault = judge(key, value) ?? shared.get(key);
        return fault === undefined ? [] : [[key, fault] as const];
      }),
    ),
  };
}

/** Of root keys that tenants have brought, by key: what tells two of them apart, and nothing else of them. */
export const rootFingerprints = (): ReadonlyMap<string, string> =>
  new Map(
    ownEntries()
      .filter(([key]) => isRootKey(key))
      .map(([key, value]) => [key, rootFingerprint(value)]),
  );

const ownEntries = () =>
  Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(`${namespace}:`))
    .map(([key, value]) => [key.slice(namespace.length + 1), value] as const);

function judge(key: string, value: string): Fault | undefined {
  if (isRootKey(key)) return judgeRootKey(key, value);
  return key.startsWith(smtpKey("")) ? judgeSmtpUri(key, value) : undefined;
}

/**
 * A secret of the stack by its key without namespace. That it exists has been checked together with the fleet;
 * it is a secret from here on even if somebody has set it without `--secret`.
 */
export function stackSecret(key: string): pulumi.Output<string> {
  return config.requireSecret(key);
}
