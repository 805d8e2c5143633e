/** How a part of the fleet is, asked just now. `unknown`: it could not be asked, which is neither good nor bad. */
export type Verdict = "well" | "ill" | "unknown";

/** Worst first. */
export const verdicts = ["ill", "unknown", "well"] as const;

/** `ill` if anything is; `unknown` if nothing is, and something could not be asked. */
export function worstOf(parts: readonly { readonly verdict: Verdict }[]): Verdict {
  const found = new Set(parts.map(({ verdict }) => verdict));
  return verdicts.find((verdict) => found.has(verdict)) ?? "well";
}
