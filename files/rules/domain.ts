import { hostNames } from "../../fleet/names.ts";
import { type Files, fault } from "../files.ts";
import { didYouMean } from "../suggestion.ts";
import { isReserved } from "../tenantName.ts";
import type { Rule } from "./rule.ts";

/** A host name leads to one tenant. */
export const domain: Rule = (files) => {
  const owners = new Map<string, string>();
  return files.entries.flatMap((entry) =>
    (entry.written.domains ?? []).flatMap((name, index) => {
      const at = [...entry.at, "domains", index];
      const owner = owners.get(name);
      owners.set(name, owner ?? entry.name);
      if (owner !== undefined && owner !== entry.name) {
        const remedy = "Write it in one of the two tenants.";
        return [fault(files.tenants, at, { fault: `${name} is tenant ${owner}'s too`, remedy })];
      }
      const derived = derivedOwner(name, files);
      if (derived === undefined) return [];
      const remedy = "Write a name outside the stack's domain, or remove the line.";
      return [fault(files.tenants, at, { fault: `${name} ${derived}`, remedy })];
    }),
  );
};

/** People sign in at one of the tenant's own custom domains, if anywhere else than at its own name. */
export const login: Rule = ({ tenants, config, entries }) =>
  entries.flatMap(({ at, name, written: { login: chosen, domains = [] } }) => {
    if (chosen === undefined || domains.includes(chosen)) return [];
    const here = [...at, "login"];
    if (chosen === `${name}.${config.value?.domain}`) {
      const what = { fault: `${chosen} is where people sign in anyway`, remedy: "Remove the line." };
      return [fault(tenants, here, what)];
    }
    const what = {
      fault: `${chosen} is not one of the tenant's domains (${domains.join(", ") || "it has none"})`,
      remedy: didYouMean(chosen, domains, `Write it in domains too: [${[...domains, chosen].join(", ")}].`),
    };
    return [fault(tenants, here, what)];
  });

/** Who has a name at or below the stack's domain. */
function derivedOwner(name: string, { config, entries }: Files): string | undefined {
  const parent = config.value?.domain;
  if (parent === undefined) return undefined;
  if (name === parent) return "is the stack's domain itself";
  if (!name.endsWith(`.${parent}`)) return undefined;
  const label = name.slice(0, -parent.length - 1);
  if (label.includes(".")) return "lies below the stack's domain";
  const owner = entries.find((entry) => Object.values(hostNames(entry.name, parent)).includes(name));
  if (owner !== undefined) return `is what tenant ${owner.name} gets by its name`;
  return isReserved(label) ? "is reserved for the fleet itself" : `is kept for a tenant called ${label}`;
}
