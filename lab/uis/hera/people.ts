import type { Identity } from "@ory/client-fetch";
import { ask, Refusal } from "../web/ory.ts";
import type { Hera } from "./context.ts";

/** Traits follow the tenant's own schema: any of them may be missing or of another type. */
export function trait(identity: Identity | undefined, name: string): string | undefined {
  const traits: unknown = identity?.traits;
  if (typeof traits !== "object" || traits === null || !(name in traits)) return undefined;
  const value = (traits as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}

export const emailVerified = (identity: Identity, email: string) =>
  (identity.verifiable_addresses ?? []).some((address) => address.value === email && address.verified);

/**
 * The identity, when it may sign in. Hydra remembers people for longer than Kratos may want to let them in, so
 * anyone who arrives on a remembered session is looked up again.
 */
export async function activeIdentity(hera: Hera, id: string | undefined): Promise<Identity | undefined> {
  if (!id) return undefined;
  const identity = await ask(hera.identities.getIdentity({ id }));
  return identity instanceof Refusal || identity.state !== "active" ? undefined : identity;
}
