import { parseArgs } from "node:util";
import { orUsage } from "../command.ts";

export const usage = `usage: npm run fleet -- drift [options]

Whether hosts and DNS are still as the last \`pulumi up\` has left them. Asks the hosts and changes nothing, neither
there nor in the state; a table is written in each tenant's database, and dropped. Edits of the files that wait for their \`up\` are listed separately.

  --stack NAME        the stack, also as ORGANISATION/NAME. May be left out where there is only one
  --config-file FILE  its configuration. Default: Pulumi.NAME.yaml
  --json              print that instead of text (docs/operate.md)

Exit code: 0 no drift, 1 drift, 2 wrong usage, 4 none found, but not everything could be looked at.
`;

export interface DriftOptions {
  /** As Pulumi takes it. */
  readonly stack: string | undefined;
  readonly configFile: string | undefined;
  readonly format: "text" | "json";
}

/** @returns undefined when help was asked for */
export function driftOptions(args: readonly string[]): DriftOptions | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  return { stack: values.stack, configFile: values["config-file"], format: values.json ? "json" : "text" };
}

const parsed = (args: readonly string[]) =>
  orUsage(
    usage,
    () =>
      parseArgs({
        args: [...args],
        options: {
          stack: { type: "string" },
          "config-file": { type: "string" },
          json: { type: "boolean" },
          help: { type: "boolean", short: "h" },
        },
      }).values,
  );
