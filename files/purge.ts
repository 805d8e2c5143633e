import type { Purge } from "../fleet/purge.ts";
import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

/** For editors; a day that no calendar has is refused besides. */
export const purgePattern = "^[a-z0-9-]+ \\d{4}-\\d{2}-\\d{2}$";

/** The parts of what is written. Undefined where it is not a name and a day. */
export function parsedPurge(value: string): Purge | undefined {
  const [, tenant, day] = /^([a-z0-9-]+) (\d{4}-\d{2}-\d{2})$/.exec(value) ?? [];
  if (tenant === undefined || day === undefined || !isDay(day)) return undefined;
  return { tenant, day };
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export function judgePurge(value: string): Fault | undefined {
  if (parsedPurge(value) !== undefined) return undefined;
  return {
    fault: `${shown(value)} is not the tenant's name and a day`,
    remedy: 'Write both, the day on which its data is to be deleted: purge: "acme 2026-11-28", for example.',
  };
}
