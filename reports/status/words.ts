import { services } from "../../fleet/tenant/parts.ts";
import { amount } from "../plan/amount.ts";
import type { ServiceState } from "./serviceState.ts";
import type { HostStatus, TenantStatus } from "./status.ts";
import type { Verdict } from "./verdict.ts";

/** A part of the fleet as table and page say it, in the same words. */

export const verdictWords: Readonly<Record<Verdict, string>> = {
  well: "all is well",
  ill: "something is ill",
  unknown: "nothing found ill, but not everything could be asked",
};

/** `well`, or `well, suspended`. */
export const tenantWords = ({ verdict, state }: TenantStatus): string =>
  state === "active" ? verdict : `${verdict}, ${state}`;

const isActive = ({ state }: TenantStatus) => state === "active";
/** What nobody asks of a tenant of which nothing runs, and what nobody knows of one of which something should. */
const unasked = (one: TenantStatus) => (isActive(one) ? "?" : "-");

/** What runs; where the files say something else, that as well. */
export function releaseWords(one: TenantStatus): string {
  const { release: wanted, running } = one;
  if (running.length === 0 && !isActive(one)) return unasked(one);
  return releasesWords(running, [wanted]);
}

/** The same of several. */
export function releasesWords(running: readonly string[], wanted: readonly string[]): string {
  const [found, files] = [running.join(" and "), wanted.join(" and ")];
  if (files === "") return found || "-";
  if (found === "") return `? (files: ${files})`;
  return found === files ? found : `${found} (files: ${files})`;
}

export function databaseWords(one: TenantStatus): string {
  if (one.isWritten === undefined) return unasked(one);
  return one.isWritten ? "written" : "not written";
}

export function certificateWords({ certificateDays: days }: TenantStatus): string {
  if (days === undefined) return "?";
  if (days < 0) return "ended";
  return days === 0 ? "today" : days === 1 ? "1 day" : `${days} days`;
}

export const restartWords = (one: TenantStatus): string => String(one.restarts ?? unasked(one));

/** What its data takes. */
export const dataWords = (one: TenantStatus): string =>
  one.usedMiB === undefined ? unasked(one) : amount(one.usedMiB);

/** Room that is left for it: on a disk of its own, or else on its host's. */
export function leftWords(one: TenantStatus, hosts: readonly HostStatus[]): string {
  if (one.space !== undefined) return `${amount(one.space.freeMiB)} (own disk)`;
  const shared = hosts.find(({ host }) => host === one.host)?.space;
  return shared === undefined ? "?" : amount(shared.freeMiB);
}

const stateWords: Readonly<Record<Exclude<ServiceState, "healthy">, string>> = {
  unhealthy: "not healthy",
  stopped: "stopped",
  missing: "missing",
  off: "off",
  unknown: "unknown",
};

/** `all healthy`, `kratos stopped`, `off`. */
export function serviceWords({ services: states }: TenantStatus): string {
  const found = new Set(services.map((service) => states[service]));
  const [only] = found;
  if (found.size === 1 && only === "healthy") return "all healthy";
  if (found.size === 1 && only !== undefined && only !== "healthy") return stateWords[only];
  return services
    .flatMap((service) => {
      const state = states[service];
      return state === "healthy" || state === "off" ? [] : [`${service} ${stateWords[state]}`];
    })
    .join(", ");
}
