/** A prerequisite is missing or the machine refuses: shown as it is, without a stack trace. */
export class LabError extends Error {
  override readonly name = "LabError";
}

const elapsed = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Prints one line of progress to stderr; stdout belongs to results. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs one piece of work under a line that says what happens and about how long it takes on two cores,
 * followed by a line that says how long it took.
 *
 * @param what   present participle: "building the Pulumi CLI"
 * @param expect for people: "about 3 min"
 */
export async function step<T>(what: string, expect: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  say(`▸ ${what} (${expect})`);
  const result = await work();
  say(`  ${what}: done in ${elapsed(start)}`);
  return result;
}
