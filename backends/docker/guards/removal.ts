import type { EditFault } from "../../../fleet/editFault.ts";
import { listed } from "../../../fleet/listed.ts";
import { removableAtOnce } from "../../../fleet/removal.ts";
import type { KnownTenant } from "./knownTenant.ts";
import { type Rename, renames } from "./rename.ts";
import { type Guarded, knownTenants, most, type Situation, verb } from "./situation.ts";

/** Tenants that the state has, and that are no longer this stack's by the files. */
interface Gone {
  /** Under another name in the file, it seems. */
  readonly renamed: readonly Rename[];
  /** On a host of another stack. */
  readonly elsewhere: readonly { readonly tenant: KnownTenant; readonly host: string }[];
  readonly others: readonly string[];
  /** Entries that begin empty, and are like none that is gone. */
  readonly newcomers: readonly string[];
  /** Of how many. */
  readonly total: number;
}

/**
 * Entries that are gone or have another name. Where data is protected none may go; elsewhere each is told, and only so
 * many at once may go as the stack says: a fleet file that was emptied or mistaken for another is no wish.
 */
export function removals(situation: Situation): Guarded {
  const found = goneTenants(situation);
  const { protectData } = situation.planned.fleet.config;
  const faults = protectData ? whereProtected(found) : whereNot(found);
  return {
    refused: protectData ? faults : tooMany(found, situation),
    told: protectData ? [] : faults,
    steps: protectData && faults.length > 0 ? [removalSteps] : [],
  };
}

/** How a tenant is removed on purpose. */
const removalSteps = `To remove a tenant with its data: write its entry back, pulumi config set olympus:protectData false, pulumi up;
then take out what goes, pulumi up, and pulumi config set olympus:protectData true, pulumi up (docs/operate.md).`;

function goneTenants(situation: Situation): Gone {
  const { planned } = situation;
  const begun = knownTenants(situation).filter(({ hasBegun }) => hasBegun);
  const there = new Set(planned.tenants.map(({ plan }) => plan.tenant));
  const purged = new Set(planned.fleet.purges.map(({ tenant }) => tenant));
  const gone = begun.filter(({ name }) => !there.has(name) && !purged.has(name));
  const hosts = new Map(planned.fleet.skipped.map(({ name, host }) => [name, host]));
  const names = new Set(begun.map(({ name }) => name));
  const newcomers = planned.tenants.filter(({ plan }) => !names.has(plan.tenant));
  const missed = gone.filter(({ name }) => !hosts.has(name));
  const renamed = renames(missed, newcomers);
  const isOld = (name: string) => renamed.some(({ from }) => from === name);
  const isNew = (name: string) => renamed.some(({ to }) => to === name);
  return {
    renamed,
    elsewhere: gone.flatMap((tenant) => {
      const host = hosts.get(tenant.name);
      return host === undefined ? [] : [{ tenant, host }];
    }),
    others: missed.map(({ name }) => name).filter((name) => !isOld(name)),
    newcomers: newcomers.map(({ plan }) => plan.tenant).filter((name) => !isNew(name)),
    total: begun.length,
  };
}

const otherAddress = "Another address for its people is no other name: domains and login (docs/dns-tls.md).";

function whereProtected({ renamed, elsewhere, others, newcomers }: Gone): EditFault[] {
  const all = listed(others, most);
  const inVain =
    newcomers.length > 0 && others.length > 0
      ? `. A name cannot be changed: ${listed(newcomers, most)} would begin empty, and the data would stay with ${all}`
      : "";
  return [
    ...renamed.map(({ from, to }) => ({
      ...entry(to),
      fault: `is new, and ${from} is gone, with the same host, images and memory: it looks like another name for it. A name cannot be changed: ${to} would begin empty, and the data would stay with ${from}`,
      remedy: `Write ${from}: here in place of ${to}: to keep its data in use. ${otherAddress}`,
    })),
    ...elsewhere.map(({ tenant: { name, host: home }, host }) => ({
      ...entry(name, "host"),
      fault: `${host} is another stack's host, and the data of ${name} is ${home === undefined ? "in this stack" : `on ${home}`}: it does not move`,
      remedy: home === undefined ? "Write the host of before." : `Write host: ${home}.`,
    })),
    ...(others.length === 0
      ? []
      : [
          {
            ...entry(),
            fault: `${all} ${verb(others, "is", "are")} no longer in the file, and the stack protects data (olympus:protectData)${inVain}`,
            remedy: `If that was a mistake, write ${verb(others, "the entry", "the entries")} back.`,
          },
        ]),
  ];
}

function whereNot({ renamed, elsewhere, others }: Gone): EditFault[] {
  return [
    ...renamed.map(({ from, to }) => ({
      ...entry(to),
      fault: `is new, and ${from} is gone: ${from} is removed with all data, and ${to} begins empty, since a name cannot be changed`,
      remedy: `Write ${from}: here in place of ${to}: to keep its data.`,
    })),
    ...elsewhere.map(({ tenant: { name, host: home }, host }) => ({
      ...entry(name, "host"),
      fault: `${host} is another stack's host: ${name} is removed here with all data, and nothing of it moves`,
      remedy: `Write ${home === undefined ? "the host of before" : `host: ${home}`} to keep it.`,
    })),
    ...(others.length === 0
      ? []
      : [
          {
            ...entry(),
            fault: `${listed(others, most)} ${verb(others, "is", "are")} removed with all data`,
            remedy:
              "If Pulumi says of one that it is protected, write the entry back, pulumi up, and take it out again.",
          },
        ]),
  ];
}

function tooMany(gone: Gone, { planned }: Situation): EditFault[] {
  const { removeAtOncePercent: percent } = planned.fleet.config;
  const names = [
    ...gone.renamed.map(({ from }) => from),
    ...gone.elsewhere.map(({ tenant }) => tenant.name),
    ...gone.others,
  ].sort();
  const allowed = removableAtOnce(gone.total, percent);
  if (names.length <= allowed) return [];
  return [
    {
      in: "stack",
      at: ["removeAtOnce"],
      fault: `${names.length} of ${gone.total} tenants would be removed with all data (${listed(names, most)}), and one run may remove ${allowed} (${percent}%)`,
      remedy: `If that was a mistake, write the entries back. If not: pulumi config set olympus:removeAtOnce 100%, pulumi up, and then pulumi config set olympus:removeAtOnce ${percent}%.`,
    },
  ];
}

const entry = (...path: readonly string[]) => ({ in: "tenants" as const, at: ["tenants", ...path] });
