import * as pulumi from "@pulumi/pulumi";

/** A resource as the program has registered it, with secrets unwrapped and marked in `secret`. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** Top-level inputs that hold a secret. */
  readonly secret: readonly string[];
}

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function holdsSecret(value: unknown): boolean {
  return JSON.stringify(value)?.includes(secretSignature) ?? false;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const wrapped = entries.find(([key]) => key === "value");
  if (holdsSecret(entries.map(([, v]) => v).filter((v) => typeof v === "string")) && wrapped) {
    return plain(wrapped[1]);
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

/**
 * Starts Pulumi's mocks; call before a component is made. Resources are collected in the order of registration.
 *
 * @param isLeftAlone which of them have no id, as where Pulumi has left something alone. Default: none
 */
export async function startMocks(isLeftAlone: (name: string) => boolean = () => false): Promise<Made[]> {
  const made: Made[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const secret = Object.entries(inputs).flatMap(([key, value]) => (holdsSecret(value) ? [key] : []));
        const unwrapped = plain(inputs) as Record<string, unknown>;
        made.push({ type, name, inputs: unwrapped, secret });
        const computed = {
          "random:index/randomPassword:RandomPassword": { result: `${name}-of-the-mock` },
          "command:local:Command": { stdout: "applied", stderr: "" },
        }[type];
        return { id: isLeftAlone(name) ? "" : `${name}-id`, state: { ...unwrapped, ...computed } };
      },
      call: () => ({}),
    },
    "olympus",
    "test",
  );
  return made;
}

/** Waits until every registration has been answered. */
export const settled = () => pulumi.runtime.disconnect();
