/** What a command may touch of the process that runs it. */
export interface Terminal {
  /** Folder of the project: where tenants.yaml and the stack files are. */
  readonly project: string;
  /** Characters in a line. */
  readonly width: number;
  readonly hasColor: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Runs with what follows the command's name; returns the exit code. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
}

interface CommandArgs<Options> {
  readonly summary: string;
  readonly usage: string;
  /** @returns undefined when help was asked for */
  readonly options: (args: readonly string[]) => Options | undefined;
  readonly run: (options: Options, terminal: Terminal) => Promise<number>;
}

/** A command that prints its usage, and does nothing else, when help is asked for. */
export const command = <Options>({ summary, usage, options, run }: CommandArgs<Options>): Command => ({
  summary,
  run: async (args, terminal) => {
    const asked = options(args);
    if (asked !== undefined) return run(asked, terminal);
    terminal.out(usage);
    return exitCodes.fine;
  },
});

/** Exit codes that CI can use. */
export const exitCodes = { fine: 0, problems: 1, usage: 2, destroys: 3, unknown: 4 } as const;

/** The command line cannot be understood, or names what is not there. The message says what to write. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `parse` makes of a command line. What it cannot understand is answered with its own words and the usage. */
export function orUsage<T>(usage: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
