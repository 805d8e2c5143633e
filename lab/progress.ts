/** A prerequisite is missing or the machine refuses: shown as it is, without a stack trace. */
export class LabError extends Error {
  override readonly name = "LabError";
}

/** Prints one line of progress to stderr; stdout belongs to results. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs one piece of work under a line that says what happens and about how long it takes, followed by a line that says
 * how long it took. Both name the work, since others may run beside it.
 *
 * @param what   present participle: "building the Pulumi CLI"
 * @param expect seconds on two idle cores
 * @param pace   of this machine at work of this kind, where work of this kind comes more than once
 */
export async function step<T>(what: string, expect: number, work: () => Promise<T>, pace?: Pace): Promise<T> {
  const start = Date.now();
  say(`▸ ${what} (${roughly(pace?.here(expect) ?? expect)})`);
  const result = await work();
  const seconds = (Date.now() - start) / 1000;
  pace?.learn(expect, seconds);
  say(`  ${what}: done in ${seconds.toFixed(1)} s`);
  return result;
}

/** For people: "about 4 min". */
export function roughly(seconds: number): string {
  if (seconds < 10) return "a few seconds";
  if (seconds < 95) return `about ${Math.round(seconds / 5) * 5} s`;
  return `about ${Math.round(seconds / 60)} min`;
}

/** How much faster or slower a machine is than the one that seconds were measured on, from what has ended on it. */
export class Pace {
  private expected = 0;
  private taken = 0;

  /** What to announce for work that takes `seconds` there. */
  here(seconds: number): number {
    return this.expected > 0 ? (seconds * this.taken) / this.expected : seconds;
  }

  learn(expected: number, taken: number): void {
    // So fast is no machine: an earlier run had done most of it.
    if (taken < expected / 5) return;
    this.expected += expected;
    this.taken += taken;
  }
}
