import { parseArgs } from "node:util";
import { orUsage } from "../command.ts";

export const usage = `usage: npm run fleet -- doctor [HOST...] [options]

Checks hosts before they are used, and afterwards: whether the program can work there and tenants can live there.
Nothing on a host is changed; a table is written in each tenant's database, and dropped. Default: every host of the stack, side by side.

  --stack NAME   the stack. May be left out where only one has these hosts
  --json         print that instead of tables (docs/hosts.md)

Exit code: 0 fine or warnings only, 1 a host has errors or the files are wrong, 2 wrong usage.
`;

export interface DoctorOptions {
  /** Empty for all. */
  readonly hosts: readonly string[];
  readonly stack: string | undefined;
  readonly format: "table" | "json";
}

/** @returns undefined when help was asked for */
export function doctorOptions(args: readonly string[]): DoctorOptions | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  return { hosts: [...new Set(positionals)], stack: values.stack, format: values.json ? "json" : "table" };
}

const parsed = (args: readonly string[]) =>
  orUsage(usage, () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        stack: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }),
  );
