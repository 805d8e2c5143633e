import { fault } from "../files.ts";
import { parsedPurge } from "../purge.ts";
import type { Rule } from "./rule.ts";

/** Only a tenant that is retired is purged, and only the one that the line names. */
export const purge: Rule = ({ tenants, entries }) =>
  entries.flatMap(({ name, at, written }) => {
    const found = written.purge === undefined ? undefined : parsedPurge(written.purge);
    if (found === undefined) return [];
    const place = [...at, "purge"];
    if (found.tenant !== name) {
      return [
        fault(tenants, place, {
          fault: `names ${found.tenant}, and this is ${name}`,
          remedy: `Write purge: "${name} ${found.day}", if the data of ${name} is to be deleted; if not, remove the line.`,
        }),
      ];
    }
    if (written.state === "retired") return [];
    return [
      fault(tenants, place, {
        fault: `${name} is ${written.state ?? "active"}, and only a tenant that is retired can be purged`,
        remedy: "Write state: retired in place of this line, pulumi up, and this line after that.",
      }),
    ];
  });
