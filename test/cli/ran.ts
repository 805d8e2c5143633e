import { type Command, type Terminal, UsageError } from "../../cli/command.ts";

/** How a command of the CLI ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process. A `UsageError` counts as the exit code that it leads to. */
export async function ran(command: Command, project: string, args: readonly string[]): Promise<Ran> {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    project,
    width: 100,
    hasColor: false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  };
  try {
    return { code: await command.run(args, terminal), out, err };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out, err: error.message };
  }
}
