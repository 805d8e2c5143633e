/**
 * What a change does to people and data, from nothing to worst:
 * `none` touches no host; `in-place` nobody notices; `interrupts` takes something away for seconds, or for those who
 * were not told (a new address); `destroys` loses data, moves it, leaves it behind or takes its protection away.
 */
export const effects = ["none", "in-place", "interrupts", "destroys"] as const;
export type Effect = (typeof effects)[number];

export function worst(found: readonly Effect[]): Effect {
  return effects[Math.max(0, ...found.map((effect) => effects.indexOf(effect)))] ?? "none";
}
