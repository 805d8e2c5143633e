import { parseArgs } from "node:util";
import type { Prices } from "../../reports/plan/cost.ts";
import { orUsage, UsageError } from "../command.ts";

export const usage = `usage: npm run fleet -- plan [options]

  --stack NAME            a stack; may be repeated. Default: every Pulumi.NAME.yaml that names hosts
  --against REVISION      what changes since then, for example origin/main
  --price-per-host N      cost per tenant: a host's price, shared by reserved memory
  --price-per-gib N       cost per tenant: price of a GiB of reserved memory
  --json | --markdown     print that instead of tables
  --html FILE             write a page with a picture of the fleet
  --exit-code-on destroy  exit 3 when a change destroys or moves data

Exit code: 0 fine, 1 something is wrong with the files or refused, 2 wrong usage.
`;

export interface PlanOptions {
  readonly stacks: readonly string[];
  readonly against: string | undefined;
  readonly prices: Prices;
  readonly format: "table" | "json" | "markdown";
  readonly html: string | undefined;
  readonly failsOnDestroy: boolean;
}

/** @returns undefined when help was asked for */
export function planOptions(args: readonly string[]): PlanOptions | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  const formats = (["json", "markdown"] as const).filter((format) => values[format]);
  if (formats.length > 1) throw new UsageError("--json and --markdown: choose one.");
  const [perHost, perGib] = [price(values, "price-per-host"), price(values, "price-per-gib")];
  if (perHost !== undefined && perGib !== undefined) {
    throw new UsageError("--price-per-host and --price-per-gib: choose one.");
  }
  const failsOn = values["exit-code-on"];
  if (failsOn !== undefined && failsOn !== "destroy") {
    throw new UsageError(`--exit-code-on ${failsOn}: is not known. Write --exit-code-on destroy.`);
  }
  if (values.against === "") throw new UsageError("--against needs a git revision, such as origin/main.");
  return {
    stacks: [...new Set(values.stack ?? [])],
    against: values.against,
    prices: { perHost, perGib },
    format: formats[0] ?? "table",
    html: values.html,
    failsOnDestroy: failsOn === "destroy",
  };
}

const parsed = (args: readonly string[]) =>
  orUsage(
    usage,
    () =>
      parseArgs({
        args: [...args],
        options: {
          stack: { type: "string", multiple: true },
          against: { type: "string" },
          "price-per-host": { type: "string" },
          "price-per-gib": { type: "string" },
          json: { type: "boolean" },
          markdown: { type: "boolean" },
          html: { type: "string" },
          "exit-code-on": { type: "string" },
          help: { type: "boolean", short: "h" },
        },
      }).values,
  );

function price(
  values: ReturnType<typeof parsed>,
  name: "price-per-host" | "price-per-gib",
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new UsageError(`--${name} ${text}: is not an amount. Write 80 or 4.5.`);
  return Number(text);
}
