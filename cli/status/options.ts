import { parseArgs } from "node:util";
import { orUsage } from "../command.ts";

export const usage = `usage: npm run fleet -- status [TENANT...] [options]

How every tenant is, asked now: each service by its own health command, the database by writing, the sign-in page and the
public keys as a visitor gets them, certificates, and the room on each host. Takes no lock, needs no Pulumi state (but for --rings), and changes
nothing but a table that it writes in each database and drops. Default: every tenant of the stack.

  --stack NAME        the stack. May be left out where there is only one
  --config-file FILE  its configuration. Default: Pulumi.NAME.yaml
  --rings             ask Pulumi's state as well: since when each ring is healthy with its release, and what waits for what
  --json              print that instead of a table (docs/operate.md)
  --prometheus        print metrics for the node exporter's textfile collector (docs/alerts.md)
  --output FILE       write that there instead, whole or not at all
  --html FILE         write a page with a picture of the fleet, as well
  --refresh SECONDS   have the page load itself again, on a screen that nobody touches. Default: never

Exit code: 0 all is well, 1 something is ill, 2 wrong usage, 4 nothing found ill, but not everything could be asked.
`;

export interface StatusOptions {
  /** Those to tell of; empty for all. */
  readonly tenants: readonly string[];
  readonly stack: string | undefined;
  readonly configFile: string | undefined;
  /** Whether Pulumi's state is asked for what it remembers of rings. */
  readonly rings: boolean;
  readonly format: "text" | "json" | "prometheus";
  /** File for what would be printed. */
  readonly output: string | undefined;
  /** File for the page. */
  readonly html: string | undefined;
  /** Undefined: the page stays as it is. */
  readonly refreshSeconds: number | undefined;
}

/** @returns undefined when help was asked for */
export function statusOptions(args: readonly string[]): StatusOptions | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const format = values.json ? "json" : values.prometheus ? "prometheus" : "text";
  return {
    tenants: positionals,
    stack: values.stack,
    configFile: values["config-file"],
    rings: values.rings ?? false,
    format,
    output: values.output,
    html: values.html,
    refreshSeconds: values.refresh === undefined ? undefined : Number(values.refresh),
  };
}

const parsed = (args: readonly string[]) =>
  orUsage(usage, () => {
    const found = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        stack: { type: "string" },
        "config-file": { type: "string" },
        rings: { type: "boolean" },
        json: { type: "boolean" },
        prometheus: { type: "boolean" },
        output: { type: "string" },
        html: { type: "string" },
        refresh: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (found.values.json && found.values.prometheus)
      throw new Error("Write --json or --prometheus, not both.");
    const { output, html, refresh } = found.values;
    if (output === "" || html === "") throw new Error("--output and --html need a file.");
    if (refresh !== undefined && html === undefined)
      throw new Error("--refresh is the page's: write --html FILE beside it.");
    if (refresh !== undefined && !/^[1-9]\d{0,4}$/.test(refresh))
      throw new Error(`--refresh ${refresh}: is no number of seconds. Write 60.`);
    return found;
  });
