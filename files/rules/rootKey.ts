import { isRootKey, rootName } from "../../fleet/stackSecrets.ts";
import { defaults } from "../defaults.ts";
import type { Entry } from "../files.ts";
import { fault } from "../files.ts";
import type { Path } from "../path.ts";
import { rootsOf } from "../roots.ts";
import { didYouMean } from "../suggestion.ts";
import type { Rule } from "./rule.ts";

/** Where a root key is named. */
const placeOf = ({ at, written }: Entry, since: number): Path => {
  const root = [...at, "secrets", "root"];
  return typeof written.secrets?.root === "string" ? root : [...root, String(since)];
};

/** Root keys that tenants name are the stack's, each one tenant's alone, and begin with a generation that there is. */
export const rootKeys: Rule = ({ tenants, config, entries, input }) => {
  const owners = new Map<string, string>();
  const known = input.secretKeys.filter(isRootKey).map(rootName);
  const used = new Set<string>();
  const named = entries.flatMap((entry) =>
    (rootsOf(entry.written) ?? []).flatMap(({ since, key }) => {
      const at = placeOf(entry, since);
      const name = rootName(key);
      const owner = owners.get(key);
      owners.set(key, owner ?? entry.name);
      if (owner !== undefined && owner !== entry.name) {
        return [
          fault(tenants, at, {
            fault: `${name} is the root key of ${owner}: who has the one tenant's secrets could derive the other's`,
            remedy: "Write the name of another stack secret.",
          }),
        ];
      }
      const generation = entry.written.secrets?.generation ?? defaults.tenant.secretsGeneration;
      if (since > generation) {
        return [
          fault(tenants, at, {
            fault: `begins with generation ${since}, and the tenant has generation ${generation}: nothing is derived from it`,
            remedy: `Write generation: ${since}, or the generation that it begins with.`,
          }),
        ];
      }
      // Secrets are the stack's: those of tenants elsewhere are not known here.
      if (!entry.isHere) return [];
      used.add(key);
      if (input.secretKeys.includes(key)) return [];
      return [
        fault(tenants, at, {
          fault: `stack ${input.stack} has no secret olympus:${key}`,
          remedy: didYouMean(
            name,
            known,
            `Write it with \`openssl rand -hex 32 | pulumi config set --secret olympus:${key}\`, and keep the key outside of Pulumi, too.`,
          ),
          missingSecret: key,
        }),
      ];
    }),
  );
  const unsound = [...used].flatMap((key) => {
    const what = input.secretFaults?.get(key);
    return what === undefined ? [] : [fault(config, [key], what)];
  });
  return [...named, ...unsound];
};
