import type { OwnRoot } from "../fleet/secrets.ts";
import { rootKey } from "../fleet/stackSecrets.ts";
import type { TenantEntry } from "./tenants.ts";

/** A tenant's own root keys in the order of their generations; undefined for a tenant that has brought none. */
export function rootsOf({ secrets }: TenantEntry): readonly OwnRoot[] | undefined {
  const written = secrets?.root;
  if (written === undefined) return undefined;
  const entries = typeof written === "string" ? [["1", written] as const] : Object.entries(written);
  return entries
    .map(([since, name]) => ({ since: Number(since), key: rootKey(name) }))
    .sort((a, b) => a.since - b.since);
}
