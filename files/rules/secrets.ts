import { defaults } from "../defaults.ts";
import type { Entry, Files } from "../files.ts";
import { fault } from "../files.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** No secret is too old to be read and still the newest. */
export const secrets: Rule = ({ tenants, entries }) =>
  entries.flatMap((entry) => {
    const { at, written } = entry;
    const { generation = defaults.tenant.secretsGeneration, oldest = defaults.tenant.secretsOldest } =
      written.secrets ?? {};
    const ofClients = clientSecrets(tenants, entry, generation);
    if (oldest <= generation) return ofClients;
    return [
      ...ofClients,
      fault(tenants, [...at, "secrets", "oldest"], {
        fault: `${oldest} is newer than generation ${generation}, so that nothing could be read with any secret`,
        remedy: `Write oldest: ${generation} at most.`,
      }),
    ];
  });

/** A client's secret is of a generation that there is, and only a confidential client has one. */
const clientSecrets = (tenants: Files["tenants"], { at, written }: Entry, newest: number): Problem[] =>
  Object.entries(written.clients ?? {}).flatMap(
    ([id, { kind = defaults.tenant.clientKind, secretGeneration }]) => {
      const place = [...at, "clients", id, "secretGeneration"];
      if (secretGeneration === undefined) return [];
      if (kind !== "confidential") {
        return [
          fault(tenants, place, {
            fault: `${id} is ${kind}, and has no secret`,
            remedy: "Remove the line, or write kind: confidential.",
          }),
        ];
      }
      if (secretGeneration <= newest) return [];
      return [
        fault(tenants, place, {
          fault: `${secretGeneration} is newer than the tenant's generation ${newest}`,
          remedy: `Write secretGeneration: ${newest} at most, or secrets: { generation: ${secretGeneration} }.`,
        }),
      ];
    },
  );
