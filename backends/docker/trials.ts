import { physicalName } from "../../fleet/names.ts";
import { line } from "../../hosts/shell.ts";
import type { DockerTenant } from "./tenant.ts";

/** What came of trying a tenant as applications and people do. */
export type Trial =
  | { readonly isGood: true }
  /** Why not, in words that begin with the service at fault: `hydra gives no token: POST /oauth2/token: 500 …`. */
  | { readonly isGood: false; readonly complaint: string };

/** Tenants to try, and with what. */
export interface Trials {
  readonly tenants: readonly { readonly tenant: string; readonly container: string }[];
  readonly command: readonly string[];
}

export const noTrials: Trials = { tenants: [], command: ["true"] };

/** Of tenants whose last gate tries them: what it does, once more. Of one that is closed nothing can be tried. */
export function trialsOf(plans: readonly Pick<DockerTenant, "tenant" | "gates">[]): Trials {
  const found = plans.flatMap(({ tenant, gates }) =>
    gates.flatMap(({ probe }) =>
      probe ? [{ tenant, container: physicalName(tenant, probe.in), probe }] : [],
    ),
  );
  const [first] = found;
  if (first === undefined) return noTrials;
  const tenants = found.map(({ tenant, container }) => ({ tenant, container }));
  return { tenants, command: first.probe.command };
}

/**
 * A shell function that tries a tenant, and prints what came of it. Twice before it says that something is wrong: a run may
 * just be replacing a service.
 */
export const tryFunction = ({ command }: Trials) => `try() { # tenant, container
  said=$(docker exec "$2" ${line(...command)}) || {
    sleep 2
    said=$(docker exec "$2" ${line(...command)}) || {
      printf '%s\\n' "$said" | sed -n "s/^fault: /bad=$1 /p" | head -n 1
      return
    }
  }
  echo "good=$1"
}`;

/** Calls of it, one for each tenant. */
export const tries = ({ tenants }: Trials) =>
  tenants.map(({ tenant, container }) => line("try", tenant, container));

/** Reads what `try` has printed, by tenant. One that nobody could try is missing. */
export function trials(lines: readonly string[]): ReadonlyMap<string, Trial> {
  return new Map(
    lines.flatMap((text): [string, Trial][] => {
      const [, kind, tenant, complaint = ""] = /^(good|bad)=(\S+)(?: (.+))?$/.exec(text) ?? [];
      if (tenant === undefined) return [];
      return [[tenant, kind === "good" ? { isGood: true } : { isGood: false, complaint }]];
    }),
  );
}
