import type { EditFault } from "../../../fleet/editFault.ts";
import { listed } from "../../../fleet/listed.ts";
import { physicalName } from "../../../fleet/names.ts";
import { isKnown, type PostgresKind, volumeFault } from "../../../fleet/postgresVolume.ts";
import type { DockerTenant } from "../tenant.ts";
import { KnownTenant } from "./knownTenant.ts";
import { type Guarded, most, type Situation } from "./situation.ts";

/**
 * Another Postgres image for a tenant that has data: one that cannot read its volume is refused, one of which nobody knows
 * is told. Then Postgres itself looks, and does not start on a volume that is not for it.
 */
export function otherPostgres(situation: Situation): Guarded {
  const found = situation.planned.tenants.flatMap(({ tenant, plan }) => {
    const written = writerOf(plan, situation);
    return written === undefined ? [] : [{ tenant, written, fault: volumeFault(written, tenant.release) }];
  });
  const refused = found.flatMap(({ tenant, fault: why }): EditFault[] => {
    if (why === undefined) return [];
    const { field, fault, remedy } = why;
    return [{ in: "tenants", at: ["tenants", tenant.name, ...field], fault, remedy }];
  });
  const open = found
    .filter(({ tenant, written, fault }) => fault === undefined && !isKnown(written, tenant.release))
    .filter(({ written }) => written.isOther)
    .map(({ tenant }) => tenant.name);
  return { refused, told: open.length === 0 ? [] : [unknown(open)], steps: [] };
}

interface Writer extends PostgresKind {
  /** Whether the tenant is to have another image now. */
  readonly isOther: boolean;
}

/**
 * What has written a tenant's volume; undefined where nothing of it shows an edit. Only a container counts that the
 * database has answered from, and that is still the host's: one that was made by a run in which Postgres refused the
 * volume would have its way back refused, and a state that was restored may be older than the volume.
 */
function writerOf(plan: DockerTenant, { known, facts, postgresKind }: Situation): Writer | undefined {
  const image = plan.workloads.find(({ part }) => part === "postgres")?.image;
  const before = new KnownTenant(plan.tenant, known);
  const container = before.container("postgres");
  if (image === undefined || container === undefined || !before.holdsData) return undefined;
  const isOther = container.image !== image;
  const host = facts.get(plan.host);
  const isThere = host?.containers.get(physicalName(plan.tenant, "postgres"))?.id === container.id;
  if ((host !== undefined && !isThere) || !before.hasAnswered(container)) {
    return { isOther, major: undefined, base: undefined };
  }
  const kind = postgresKind(container.image);
  // Of the same image the files may say something else now.
  return { isOther, major: before.major ?? kind.major, base: isOther ? kind.base : undefined };
}

const unknown = (tenants: readonly string[]): EditFault => ({
  in: "tenants",
  at: ["tenants", ...(tenants.length === 1 ? tenants : [])],
  fault: `it is not known whether the new Postgres image can use the volume of ${listed(tenants, most)}, made under another image`,
  remedy:
    "Postgres looks by itself, and where it cannot, it does not start and changes nothing (docs/operate.md, Another Postgres).",
});
