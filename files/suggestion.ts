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

/** Insertions, deletions, substitutions and swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
