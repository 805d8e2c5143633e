import { parseArgs } from "node:util";
import { orUsage } from "../command.ts";

export const usage = `usage: npm run fleet -- rollback TENANT|RING [options]

Takes a tenant, or all of a ring, back to the release of before: asks the databases whether its programs can work on them, takes
migrations back where that is needed, and writes the edit into tenants.yaml. The next pulumi up then does it, and waits for no
window, bake or hold. Safe to run twice, and to kill. A tenant and a ring of one name: tenant:NAME or ring:NAME.

  --to RELEASE              go back to that one. Default: what the state remembers
  --accept-loss-since TIME  what was written since then may be lost (ISO 8601). Default: nothing may
  --check                   say what would be done, and do nothing of it
  --stack NAME              the stack. May be left out where there is only one
  --config-file FILE        its configuration. Default: Pulumi.NAME.yaml
  --json                    print that instead of lines (docs/operate.md)

Exit code: 0 written, 1 refused, 2 wrong usage, 4 a host or database could not be asked. tenants.yaml is written with 0 alone.
`;

export interface RollbackOptions {
  readonly name: string;
  readonly to: string | undefined;
  readonly accepted: Date | undefined;
  readonly isCheck: boolean;
  readonly stack: string | undefined;
  readonly configFile: string | undefined;
  readonly json: boolean;
}

/** @returns undefined when help was asked for */
export const rollbackOptions = (args: readonly string[]): RollbackOptions | undefined =>
  orUsage(usage, () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        to: { type: "string" },
        "accept-loss-since": { type: "string" },
        check: { type: "boolean" },
        stack: { type: "string" },
        "config-file": { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) return undefined;
    const [name, ...more] = positionals;
    if (name === undefined || name === "" || more.length > 0) {
      throw new Error("rollback: write the name of one tenant or ring.");
    }
    if (values.to === "") throw new Error("--to needs the name of a release.");
    return {
      name,
      to: values.to,
      accepted: timeOf(values["accept-loss-since"]),
      isCheck: values.check ?? false,
      stack: values.stack,
      configFile: values["config-file"],
      json: values.json ?? false,
    };
  });

/** With a time zone, or it would be another moment on another machine. */
function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(time.getTime())) {
    throw new Error(
      `--accept-loss-since ${text}: is no time with a time zone. Write 2026-11-28T12:00:00Z, for example.`,
    );
  }
  return time;
}
