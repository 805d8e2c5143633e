import { defaults } from "../defaults.ts";
import { fault } from "../files.ts";
import type { Rule } from "./rule.ts";

/** No secret is too old to be read and still the newest. */
export const secrets: Rule = ({ tenants, entries }) =>
  entries.flatMap(({ at, written: { secrets } }) => {
    const { generation = defaults.tenant.secretsGeneration, oldest = defaults.tenant.secretsOldest } =
      secrets ?? {};
    if (oldest <= generation) return [];
    return [
      fault(tenants, [...at, "secrets", "oldest"], {
        fault: `${oldest} is newer than generation ${generation}, so that nothing could be read with any secret`,
        remedy: `Write oldest: ${generation} at most.`,
      }),
    ];
  });
