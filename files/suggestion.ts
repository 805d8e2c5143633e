import { editDistance } from "../fleet/editDistance.ts";

/**
 * The known words that somebody who wrote `word` most likely meant; several when they are equally near.
 */
export function suggestions(word: string, known: readonly string[]): string[] {
  const wanted = folded(word);
  const same = known.filter((candidate) => folded(candidate) === wanted);
  if (same.length > 0) return same;
  // A third of the letters wrong is still a typing error; more is another word.
  const tolerance = Math.max(1, Math.floor(wanted.length / 3));
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(wanted, folded(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.min(tolerance, Math.ceil(candidate.length / 2)));
  const nearest = Math.min(...near.map(({ distance }) => distance));
  return near.filter(({ distance }) => distance === nearest).map(({ candidate }) => candidate);
}

/** `Did you mean eu-1 or eu-2?`, or `otherwise` where no known word is near or too many are. */
export function didYouMean(word: string, known: readonly string[], otherwise: string): string {
  const meant = suggestions(word, known);
  return meant.length === 0 || meant.length > 3 ? otherwise : `Did you mean ${meant.join(" or ")}?`;
}

// `redirect_uris`, `RedirectURIs` and `redirectUris` are one word.
function folded(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, "") || word;
}
