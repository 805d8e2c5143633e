import type { Release } from "../model.ts";

/** That a ring was healthy with a release. */
export interface Verification {
  /** Of the release, `releaseId()`. */
  readonly id: string;
  /** Its name. */
  readonly release: string;
  /** Since when all tenants of the ring that have the release have been healthy. */
  readonly at: Date;
  /**
   * Tenants that got it while no ring before theirs had been healthy with it: pinned in their own entries, for example. It
   * says nothing of the ring's others. Undefined: the ring got it in its turn.
   */
  readonly ahead?: readonly string[] | undefined;
  /** That one of them was not later. What waits for the ring goes on waiting, and the bake begins again. */
  readonly failure?: { readonly at: Date; readonly words: string } | undefined;
}

/** A release that a tenant was given. */
export interface Given {
  /** Without images of its own. */
  readonly release: Release;
  /** When. Undefined where nobody knows any more. */
  readonly since?: Date | undefined;
}

/** What the stack's state remembers of releases. */
export interface Ledger {
  /** By tenant: the release that it has, or has begun to get, without images of its own. */
  readonly given: ReadonlyMap<string, Release>;
  /** By tenant: when it was given that. What its ring was healthy with before proves nothing of it. */
  readonly since: ReadonlyMap<string, Date>;
  /** By tenant: what it had before, where it was given another one in the last run that has touched it. */
  readonly left: ReadonlyMap<string, Given>;
  /** By ring, the latest last. */
  readonly verified: ReadonlyMap<string, readonly Verification[]>;
}

export const emptyLedger: Ledger = {
  given: new Map(),
  since: new Map(),
  left: new Map(),
  verified: new Map(),
};

/** How many releases a ring remembers: a way back further than that waits like a new one. */
export const remembered = 10;

/** A ring's verifications with one more, in place of the one of the same release. */
export const withVerification = (all: readonly Verification[], one: Verification): Verification[] =>
  [...all.filter(({ id }) => id !== one.id), one].slice(-remembered);
