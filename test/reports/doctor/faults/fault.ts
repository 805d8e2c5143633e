import type { Level } from "../../../../reports/doctor/finding.ts";
import type { GivenSubject, Otherwise } from "../healthy.ts";

/** One thing wrong with a host that is healthy otherwise, and what has to be said about it. */
export interface Fault {
  readonly what: string;
  readonly check: string;
  readonly level: Exclude<Level, "ok">;
  readonly found: RegExp;
  /** In one of the lines of the remedy. */
  readonly remedy: RegExp;
  readonly facts: Otherwise;
  readonly subject?: GivenSubject | undefined;
}

export function fault(
  what: string,
  check: string,
  level: Fault["level"],
  found: RegExp,
  remedy: RegExp,
  facts: Otherwise,
  subject?: GivenSubject,
): Fault {
  return { what, check, level, found, remedy, facts, subject };
}

/** A container as the engine lists it; running unless it is said otherwise. */
export const container = (name: string, more: object = {}) => ({
  Names: [`/${name}`],
  State: "running",
  Labels: {},
  ...more,
});

export const ours = (labels: object = {}) => ({ "olympus-fleet.managed-by": "olympus-fleet", ...labels });

export const network = (name: string, subnet: string, labels: object = {}) => ({
  Name: name,
  Id: "0123456789abcdef",
  IPAM: { Config: [{ Subnet: subnet }] },
  Options: {},
  Labels: labels,
});

/** Logs of containers that are not the fleet's are rotated, so that nothing is to be said of those. */
export const rotating = 'daemon.file={"live-restore": true, "log-opts": {"max-size": "10m"}}';
