/**
 * Everything that runs for a tenant. A service stays up; a step runs once, to exit code 0, before the services that it
 * prepares. A new service is a line at the end and a file in `services/`: backends give addresses by position, so the order
 * of what is there never changes.
 */
const list = [
  ["postgres", "service"],
  ["kratos", "service"],
  ["hydra", "service"],
  ["hera", "service"],
  ["athena", "service"],
  ["kratos-migrate", "step"],
  ["hydra-migrate", "step"],
  ["bootstrap", "step"],
  ["postgres-roles", "step"],
] as const;

type Listed = (typeof list)[number];

/** A part of a tenant. */
export type Part = Listed[0];

/** A part that stays up, and has an image, a size and memory of its own. */
export type Service = Extract<Listed, readonly [string, "service"]>[0];

export const parts: readonly Part[] = list.map(([part]) => part);

const isService = (listed: Listed): listed is Extract<Listed, readonly [string, "service"]> =>
  listed[1] === "service";

export const services: readonly Service[] = list.filter(isService).map(([service]) => service);
