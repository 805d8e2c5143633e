import type { Tenant } from "../../fleet/model.ts";
import { versionedServices } from "../../fleet/model.ts";
import { type Change, changeOf, difference } from "./change.ts";

/** Edits that meet what a tenant's database holds by now, which no file tells. */
export const dataChanges = (before: Tenant, after: Tenant): Change[] => [
  ...schemasGone(before, after),
  ...olderVersions(before, after),
];

/** Kratos looks up a person's schema whenever it reads the person, and a list of people fails as a whole (its persister_identity.go). */
function schemasGone(before: Tenant, after: Tenant): Change[] {
  const gone = Object.keys(before.schemas).filter((id) => !Object.hasOwn(after.schemas, id));
  return changeOf(
    "tenant",
    "interrupts",
    gone.map((id) => difference(`schemas.${id}`, `identity schema ${id} removed`)),
    "while somebody has it, they cannot sign in and the admin UI lists nobody: give them another schema before",
  );
}

function olderVersions(before: Tenant, after: Tenant): Change[] {
  const found = versionedServices.flatMap((service) => {
    const [from, to] = [before.release.versions[service], after.release.versions[service]];
    if (from === undefined || to === undefined || !isOlder(to, from)) return [];
    return [difference(`release.versions.${service}`, `version of ${service} ${from} → ${to}`)];
  });
  const consequence =
    "older, and the database stays as the newer one has migrated it: the older may not start on it, and a dump of before is the way back";
  return changeOf("tenant", "interrupts", found, consequence);
}

/** Of versions such as `v26.2.0`. */
function isOlder(version: string, than: string): boolean {
  const [own, other] = [version, than].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  const at = own?.findIndex((part, index) => part !== other?.[index]) ?? -1;
  return at !== -1 && (own?.[at] ?? 0) < (other?.[at] ?? 0);
}
