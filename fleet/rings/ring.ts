/** Days as `window` names them, Monday first. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** When the tenants of a ring may get another release. */
export type Window =
  /** From `from` to `to` on these days; one that ends before it begins ends on the day after. */
  | {
      readonly kind: "weekly";
      readonly days: readonly Weekday[];
      /** Local time, `22:00`. */
      readonly from: string;
      readonly to: string;
      /** An IANA name, `Europe/Berlin`. */
      readonly timeZone: string;
    }
  /** Once. */
  | {
      readonly kind: "once";
      /** Local date and time, `2026-12-05T22:00`. */
      readonly from: string;
      readonly to: string;
      readonly timeZone: string;
    };

/** Tenants that get a release together, and when. */
export interface Ring {
  readonly name: string;
  /** Rings that must have been healthy with a release before this one gets it. Default: the ring before it. */
  readonly after: readonly string[];
  /** How long this ring must have been healthy with a release before the next gets it, in seconds. Default 0. */
  readonly bakeSeconds: number;
  /** How many of its tenants change at once. Default: as many as hosts have room for. */
  readonly parallel: number | undefined;
  /** Default: at any time. */
  readonly window: Window | undefined;
  /** Whether nothing of it gets another release for now. Default false. */
  readonly hold: boolean;
}

/** Rings one after the other, each as soon as the one before is healthy: what a list of names means. */
export const ringsInOrder = (names: readonly string[]): Ring[] =>
  names.map((name, index) => ({
    name,
    after: names.slice(Math.max(0, index - 1), index),
    bakeSeconds: 0,
    parallel: undefined,
    window: undefined,
    hold: false,
  }));
