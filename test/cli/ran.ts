import { type Command, type Terminal, UsageError } from "../../cli/command.ts";

/** How a command of the CLI ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal that keeps what is written to it. */
export function recorder(project: string): Terminal & { readonly written: () => Omit<Ran, "code"> } {
  let [out, err] = ["", ""];
  return {
    project,
    width: 100,
    hasColor: false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    written: () => ({ out, err }),
  };
}

/** Runs a command in this process. A `UsageError` counts as the exit code that it leads to. */
export async function ran(command: Command, project: string, args: readonly string[]): Promise<Ran> {
  const terminal = recorder(project);
  try {
    return { code: await command.run(args, terminal), ...terminal.written() };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out: terminal.written().out, err: error.message };
  }
}
