import type { EditFault } from "../../../fleet/editFault.ts";
import { listed } from "../../../fleet/listed.ts";
import { physicalName } from "../../../fleet/names.ts";
import { isKnown, type PostgresKind, type VolumeFault, volumeFault } from "../../../fleet/postgresVolume.ts";
import type { DockerTenant } from "../tenant.ts";
import { KnownTenant } from "./knownTenant.ts";
import { type Guarded, most, type Situation } from "./situation.ts";

/**
 * Another Postgres image for a tenant that has data: one that cannot read its volume is refused, one of which nobody knows
 * is told. Then Postgres itself looks, and does not start on a volume that is not for it; where it has nothing to compare
 * with yet, the edit is refused as well.
 */
export function otherPostgres(situation: Situation): Guarded {
  const found = situation.planned.tenants.flatMap(({ tenant, plan }) => {
    const written = writerOf(plan, situation);
    if (written === undefined) return [];
    const isOpen = written.isOther && !isKnown(written, tenant.release);
    const fault =
      volumeFault(written, tenant.release) ?? (isOpen && written.isUnrecorded ? unrecorded : undefined);
    return [{ name: tenant.name, isOpen, fault }];
  });
  const refused = found.flatMap(({ name, fault: why }): EditFault[] => {
    if (why === undefined) return [];
    const { field, fault, remedy } = why;
    return [{ in: "tenants", at: ["tenants", name, ...field], fault, remedy }];
  });
  const open = found.filter(({ isOpen, fault }) => isOpen && fault === undefined).map(({ name }) => name);
  return { refused, told: open.length === 0 ? [] : [unknown(open)], steps: [] };
}

const unrecorded: VolumeFault = {
  field: ["release"],
  fault:
    "the tenant's volume is of a version of this program that did not write down its C library, and nobody has said whether the new Postgres image has the same",
  remedy:
    "Write the release of before, pulumi up, which writes it down, and then this edit: Postgres then compares by itself.",
};

interface Writer extends PostgresKind {
  /** Whether the tenant is to have another image now. */
  readonly isOther: boolean;
  /** Whether the volume lacks a record of its C library. */
  readonly isUnrecorded: boolean;
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
    return { isOther, isUnrecorded: false, major: undefined, base: undefined };
  }
  const kind = postgresKind(container.image);
  // Of the same image the files may say something else now.
  const base = isOther ? kind.base : undefined;
  // Since its script knows its version, it writes the C library down as well.
  return { isOther, isUnrecorded: before.major === undefined, major: before.major ?? kind.major, base };
}

const unknown = (tenants: readonly string[]): EditFault => ({
  in: "tenants",
  at: ["tenants", ...(tenants.length === 1 ? tenants : [])],
  fault: `it is not known whether the new Postgres image can use the volume of ${listed(tenants, most)}, made under another image`,
  remedy:
    "Postgres looks by itself, and where it cannot, it does not start and changes nothing (docs/operate.md, Another Postgres).",
});
