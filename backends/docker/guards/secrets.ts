import type { EditFault } from "../../../fleet/editFault.ts";
import type { Tenant } from "../../../fleet/model.ts";
import { dispositionOf } from "../../../fleet/tenant/state.ts";
import { KnownTenant } from "./knownTenant.ts";
import type { Guarded, Situation } from "./situation.ts";

/** How long Hydra's refresh tokens live, the longest of all that only older secrets can read. */
const refreshTokenDays = 30;

/**
 * Another generation of secrets than a run has given a tenant. Less of it is refused, and more than the next one, and the
 * next one while the tenant has not come up with the one before. What ends with older secrets is told.
 *
 * States of before generations were noted say nothing of them, and then nothing is refused.
 */
export function secretsChanges({ planned, known, now }: Situation): Guarded {
  const judged = planned.tenants.map(({ tenant }) => judge(tenant, new KnownTenant(tenant.name, known), now));
  return {
    refused: judged.flatMap(({ refused = [] }) => refused),
    told: judged.flatMap(({ told = [] }) => told),
    steps: [],
  };
}

function judge(
  tenant: Tenant,
  before: KnownTenant,
  now: Date,
): { readonly refused?: EditFault[]; readonly told?: EditFault[] } {
  if (before.secrets === undefined) return {};
  const { generation, oldest } = before.secrets;
  const { secretsGeneration: wanted, secretsOldest } = tenant;
  const at = (field: string) => ({ in: "tenants" as const, at: ["tenants", tenant.name, "secrets", field] });
  if (wanted < generation) {
    return {
      refused: [
        {
          ...at("generation"),
          fault: `${wanted} is older than ${generation}, which the tenant has been given: what Kratos and Hydra have encrypted and signed with it could not be read any more, and Hydra could not sign`,
          remedy: `Write generation: ${generation}.`,
        },
      ],
    };
  }
  // While nothing runs, nothing is locked out. A run that has failed may have left any of them.
  const { runs } = before;
  const isUp = before.cameUpWith?.generation === generation;
  if (runs && wanted > generation && !isUp) {
    return {
      refused: [
        {
          ...at("generation"),
          fault: `${wanted} comes before the tenant has come up with ${generation}: services that still run with older passwords would be locked out of the database`,
          remedy: `Write generation: ${generation}, pulumi up, and then generation: ${generation + 1}.`,
        },
      ],
    };
  }
  if (runs && wanted > generation + 1) {
    return {
      refused: [
        {
          ...at("generation"),
          fault: `${wanted} leaves out ${generation + 1}: services that still run with the passwords of ${generation} could be locked out of the database`,
          remedy: `Write generation: ${generation + 1}, pulumi up, and then the next one.`,
        },
      ],
    };
  }
  // One that is closed keeps those that it has had, until it comes back.
  const isTaken = dispositionOf(tenant.state).runs && secretsOldest > oldest;
  return isTaken ? { told: ends(tenant, before, now, at("oldest")) } : {};
}

/** What ends with the older secrets; nothing of it is left a refresh token's life after the newer ones have come. */
function ends(
  { secretsOldest, secretsGeneration }: Tenant,
  before: KnownTenant,
  now: Date,
  at: Pick<EditFault, "in" | "at">,
): EditFault[] {
  const up = before.cameUpWith;
  const since = up !== undefined && secretsOldest <= up.generation ? up.since : undefined;
  const until = since && new Date(since.getTime() + refreshTokenDays * 86_400_000);
  if (until !== undefined && until <= now) return [];
  const what = "applications with a refresh token and people with a remembered sign-in sign in again";
  return [
    {
      ...at,
      fault:
        since !== undefined
          ? `nothing that was made before ${minute(since)} with secrets older than ${secretsOldest} is read any more: ${what}`
          : secretsGeneration === before.secrets?.generation
            ? `nothing that was made with secrets older than ${secretsOldest} is read any more: ${what}`
            : `generation ${secretsGeneration} is new, and nothing older than ${secretsOldest} is read any more: ${what}`,
      remedy:
        until === undefined
          ? `Write the oldest of before for ${refreshTokenDays} days if nobody is to notice.`
          : `Write the oldest of before until ${minute(until)} if nobody is to notice.`,
    },
  ];
}

const minute = (time: Date) => `${time.toISOString().slice(0, 16)}Z`;
