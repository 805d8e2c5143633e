/**
 * C libraries of the systems that Postgres images are built on. Text is sorted by them, and the indexes on a volume are in
 * that order; under another library Postgres misses rows that are there (docker-library/postgres#276, #1356).
 *
 * As the distributions have them; all of Alpine is musl, which sorts by bytes.
 */
const libraries: Readonly<Record<string, string>> = {
  alpine: "musl",
  buster: "glibc 2.28",
  bullseye: "glibc 2.31",
  bookworm: "glibc 2.36",
  trixie: "glibc 2.41",
  focal: "glibc 2.31",
  jammy: "glibc 2.35",
  noble: "glibc 2.39",
};

/** Systems whose C library is known, by the word that tags of images have for them. */
export const knownBases: readonly string[] = Object.keys(libraries);

/** `glibc 2.41`; undefined for a system that is not known here. */
export const cLibrary = (base: string): string | undefined =>
  Object.hasOwn(libraries, base) ? libraries[base] : undefined;

/** `trixie (glibc 2.41)`, or the name alone. */
export function baseWords(base: string): string {
  const library = cLibrary(base);
  return library === undefined ? base : `${base} (${library})`;
}

/** Whether text is sorted otherwise there. Nothing is said where one of the two is not known. */
export function sortsOtherwise(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined || before === after) return false;
  const [from, to] = [cLibrary(before), cLibrary(after)];
  return from === undefined || from !== to;
}
