import type { Fleet } from "../../fleet/model.ts";

/** From here on a host is one fault too large, and another kind of home is worth its price. */
const manyOnOneHost = 50;
const manyInAll = 500;

/** How the fleet's size sits with its hosts, by the tiers of docs/sizing.md. */
export function advice(
  { tenants, skipped }: Fleet,
  hosts: readonly { readonly name: string; readonly tenants: number }[],
): string[] {
  const count = tenants.length + skipped.length;
  return [
    ...(count > manyInAll
      ? [
          `The file has ${count} tenants: above ${manyInAll}, split them into stacks or look at a backend that schedules.`,
        ]
      : []),
    ...hosts
      .filter((host) => host.tenants >= manyOnOneHost)
      .map(
        ({ name, tenants: here }) =>
          `Host ${name} has ${here} tenants: from ${manyOnOneHost} on, spread them over several hosts.`,
      ),
  ];
}
