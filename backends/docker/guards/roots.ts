import type { EditFault } from "../../../fleet/editFault.ts";
import type { Tenant } from "../../../fleet/model.ts";
import { rootsInOrder } from "../../../fleet/secrets.ts";
import type { RootRecord, SecretsRecord } from "../../../fleet/secretsRecord.ts";
import { rootName } from "../../../fleet/stackSecrets.ts";
import { KnownTenant } from "./knownTenant.ts";
import type { Guarded, Situation } from "./situation.ts";

/**
 * Another root key than a generation of secrets was made with: all that Kratos, Hydra and Olympus have encrypted would be
 * unreadable, and no service would say so before somebody signs in. A new root key begins with a new generation.
 */
export function rootChanges({ planned, known, rootFingerprints }: Situation): Guarded {
  const refused = planned.tenants.flatMap(
    ({ tenant }) => judge(tenant, new KnownTenant(tenant.name, known), rootFingerprints) ?? [],
  );
  return { refused, told: [], steps: [] };
}

interface Root {
  readonly since: number;
  readonly key?: string | undefined;
}

const ofGeneration = <T extends Root>(roots: readonly T[], generation: number): T | undefined =>
  roots.findLast(({ since }) => since <= generation);

function judge(
  tenant: Tenant,
  before: KnownTenant,
  fingerprints: ReadonlyMap<string, string>,
): EditFault | undefined {
  const given = before.secrets ?? unnoted(tenant, before);
  if (given === undefined || !before.holdsData) return undefined;
  const wanted = rootsInOrder(tenant.secretsRoots);
  const at = { in: "tenants" as const, at: ["tenants", tenant.name, "secrets", "root"] };
  for (let generation = 1; generation <= given.generation; generation++) {
    const root = ofGeneration(wanted, generation);
    if (root === undefined) continue;
    if (given.roots === undefined) {
      if (root.key === undefined) continue;
      return { ...at, ...unknown(root.key, generation, given.generation) };
    }
    const made = ofGeneration(given.roots, generation);
    if (made !== undefined && !isSame(root, made, fingerprints)) {
      return { ...at, ...another(root, made, generation, given) };
    }
  }
  return undefined;
}

/**
 * What nobody has noted, in the state of a version of before: which generations there were, and that all of them were derived
 * from the root key that Pulumi makes. Undefined where no gate was passed: what was imported may have been made with any.
 */
const unnoted = (
  { secretsGeneration: generation }: Tenant,
  { hasPassedGates }: KnownTenant,
): SecretsRecord | undefined => (hasPassedGates ? { generation, oldest: 1 } : undefined);

/** Under whatever name, it is the value that counts; without a name it is Pulumi's, which stays as it is. */
const isSame = ({ key }: Root, made: RootRecord, fingerprints: ReadonlyMap<string, string>) =>
  key === undefined ? made.key === undefined : fingerprints.get(key) === made.fingerprint;

type What = Pick<EditFault, "fault" | "remedy">;

/** As `secrets.root` has them: `root: acme`, `root: { "1": acme, "3": acme-2 }`. */
function written(roots: readonly Root[]): string {
  const own = roots.flatMap(({ since, key }) => (key === undefined ? [] : [{ since, name: rootName(key) }]));
  const [first] = own;
  if (own.length === 1 && first?.since === 1) return `root: ${first.name}`;
  return `root: { ${own.map(({ since, name }) => `"${since}": ${name}`).join(", ")} }`;
}

const unknown = (key: string, generation: number, newest: number): What => ({
  fault: `olympus:${key} is to be the root key of generation ${generation}, and no run has noted which one that was made with`,
  remedy: `Remove root, pulumi up, and then write generation: ${newest + 1} and ${written([{ since: newest + 1, key }])}.`,
});

function another(
  root: Root,
  made: RootRecord,
  generation: number,
  { generation: newest, roots: noted = [] }: SecretsRecord,
): What {
  const loss = "what Kratos, Hydra and Olympus have encrypted could not be read any more";
  if (root.key === undefined) {
    return {
      fault: `generation ${generation} was made with olympus:${made.key}, and not with the root key that Pulumi makes: ${loss}`,
      remedy: `Write ${written(noted)}.`,
    };
  }
  const maker = made.key === undefined ? "the one that Pulumi has made" : `olympus:${made.key}`;
  const next = newest + 1;
  if (noted.some(({ key }) => key === root.key)) {
    return {
      fault: `olympus:${root.key} is another root key than the one of that name that generation ${generation} was made with: ${loss}`,
      remedy: `Put the key of before back; a new one goes into another stack secret, and begins with generation ${next}: ${written([...noted, { since: next, key: "root-NAME" }])}.`,
    };
  }
  return {
    fault: `generation ${generation} was made with another root key than olympus:${root.key}, ${maker}: ${loss}`,
    remedy: `Write generation: ${next} and ${written([...noted, { since: next, key: root.key }])}.`,
  };
}
