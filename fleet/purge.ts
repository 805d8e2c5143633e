/** A wish to delete a tenant with all its data. */
export interface Purge {
  readonly tenant: string;
  /** On which it may happen, `2026-11-28` in UTC. */
  readonly day: string;
}

/** A moment's day, as `purge` has it. */
export const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);
