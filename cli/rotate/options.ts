import { parseArgs } from "node:util";
import { durationSeconds, judgeDuration } from "../../files/duration.ts";
import { tokenSeconds } from "../../fleet/tenant/services/rotateKeys.ts";
import { orUsage } from "../command.ts";

export const usage = `usage: npm run fleet -- rotate jwks TENANT [options]

Gives a tenant's Hydra new keys to sign with, waits until nothing that was signed with the old ones is good any more, and
removes those. It may be stopped at any time: the next call goes on where it was. Needs no Pulumi state, and stops nothing.
Applications that keep public keys must ask for them again when they meet a key that they do not know.

  --wait TIME         how long to wait, in m, h or d. Less ends tokens that are still good: 0m after a leak. Default: 65m
  --stack NAME        the stack. May be left out where there is only one
  --config-file FILE  its configuration. Default: Pulumi.NAME.yaml

Exit code: 0 the old keys are gone, 1 Hydra or its host did not do it, 2 wrong usage.
`;

export interface RotateOptions {
  readonly tenant: string;
  readonly waitSeconds: number;
  readonly stack: string | undefined;
  readonly configFile: string | undefined;
}

/** @returns undefined when help was asked for */
export function rotateOptions(args: readonly string[]): RotateOptions | undefined {
  return orUsage(usage, () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        wait: { type: "string" },
        stack: { type: "string" },
        "config-file": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) return undefined;
    const [what, tenant, ...rest] = positionals;
    if (what !== "jwks") throw new Error(`Write rotate jwks TENANT: there is nothing else to rotate so.`);
    if (tenant === undefined || rest.length > 0) throw new Error("Write the name of one tenant.");
    return {
      tenant,
      waitSeconds: values.wait === undefined ? tokenSeconds : waitOf(values.wait),
      stack: values.stack,
      configFile: values["config-file"],
    };
  });
}

function waitOf(written: string): number {
  const seconds = durationSeconds(written);
  if (seconds !== undefined) return seconds;
  const { fault, remedy } = judgeDuration(written) ?? { fault: "is no length of time", remedy: "Write 65m." };
  throw new Error(`--wait ${fault}. ${remedy}`);
}
