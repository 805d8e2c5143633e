import { releaseId } from "../release.ts";
import type { Ledger } from "./ledger.ts";

/** A release that can be gone back to. */
export interface Remembered {
  /** `releaseId()` */
  readonly id: string;
  readonly name: string;
}

type Whose = { readonly name: string; readonly ring: string };

/** Releases that a tenant or its ring has had, the latest last, without the one that the tenant has now. */
export function remembered({ name, ring }: Whose, ledger: Ledger): Remembered[] {
  const present = ledger.given.get(name);
  const left = ledger.left.get(name);
  const healthy = (ledger.verified.get(ring) ?? []).filter(({ failure }) => failure === undefined);
  const all = [
    ...healthy.map(({ id, release }) => ({ id, name: release })),
    ...(left === undefined ? [] : [{ id: releaseId(left.release), name: left.release.name }]),
  ];
  const found = new Map<string, Remembered>();
  for (const one of all) {
    found.delete(one.id);
    if (present === undefined || one.id !== releaseId(present)) found.set(one.id, one);
  }
  return [...found.values()];
}

/** What a tenant had before what it has; undefined where nobody knows. */
export function releaseBefore(whose: Whose, ledger: Ledger): Remembered | undefined {
  const left = ledger.left.get(whose.name);
  if (left !== undefined) return { id: releaseId(left.release), name: left.release.name };
  const begun = ledger.since.get(whose.name);
  return remembered(whose, ledger)
    .map((one) => ({ one, at: ledger.verified.get(whose.ring)?.find(({ id }) => id === one.id)?.at }))
    .filter(({ at }) => begun === undefined || at === undefined || at < begun)
    .at(-1)?.one;
}

/** What a tenant went back from to what it has. Who asks for the way back again does not mean a release before that. */
export function goneBackFrom({ name, ring }: Whose, ledger: Ledger): string | undefined {
  const begun = ledger.since.get(name);
  const present = ledger.given.get(name);
  const left = ledger.left.get(name);
  if (begun === undefined || present === undefined) return undefined;
  return ledger.verified
    .get(ring)
    ?.find(
      ({ id, at, failure }) =>
        id !== releaseId(present) &&
        at >= begun &&
        (failure !== undefined || (left !== undefined && id === releaseId(left.release))),
    )?.release;
}
