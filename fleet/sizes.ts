import type { Memory, Size } from "./model.ts";
import type { Service } from "./tenant/parts.ts";
import { services } from "./tenant/parts.ts";

export const sizeNames = ["small", "medium", "large"] as const;
export type SizeName = (typeof sizeNames)[number];

/**
 * Resident memory in MiB as measured on one host: idle, and in use with 2,001 identities.
 * Kratos, Hydra and Postgres at v26.2/18 with 30 connections; Hera and Athena on Bun 1.2.23.
 */
const measuredMiB: Readonly<Record<Service, { readonly idle: number; readonly used: number }>> = {
  postgres: { idle: 18.4, used: 28.4 },
  kratos: { idle: 23.9, used: 27.4 },
  hydra: { idle: 15.9, used: 18.6 },
  hera: { idle: 78, used: 108 },
  athena: { idle: 94, used: 131 },
};

/** The engine's own process beside every container. */
const shimMiB = 3.4;

const limitsMiB: Readonly<Record<SizeName, Readonly<Record<Service, number>>>> = {
  small: { postgres: 192, kratos: 96, hydra: 96, hera: 160, athena: 192 },
  // The two UIs hold no data of the tenant; only what grows with identities and tokens grows.
  medium: { postgres: 384, kratos: 192, hydra: 192, hera: 160, athena: 192 },
  large: { postgres: 768, kratos: 384, hydra: 384, hera: 256, athena: 256 },
};

/**
 * What a service needs under this limit. The measured part that grew with use is taken to grow in proportion
 * to the limit, the idle part not: who asks for twice the limit expects twice the use. Below the limit of
 * `small` the measurement stands.
 */
export function memory(service: Service, limitMiB: number): Memory {
  const { idle, used } = measuredMiB[service];
  const growth = Math.max(1, limitMiB / limitsMiB.small[service]);
  return { reservationMiB: Math.ceil(idle + growth * (used - idle) + shimMiB), limitMiB };
}

/** The lowest limit that a service can live with: what it was measured to use. */
export function leastMiB(service: Service): number {
  return memory(service, 0).reservationMiB;
}

export function namedSize(name: SizeName): Size {
  return sizeOf((service) => limitsMiB[name][service]);
}

/** `base` with other limits for some services. */
export function resized(base: Size, limits: Readonly<Partial<Record<Service, number | undefined>>>): Size {
  return sizeOf((service) => limits[service] ?? base[service].limitMiB);
}

function sizeOf(limitMiB: (service: Service) => number): Size {
  const of = (service: Service) => memory(service, limitMiB(service));
  return {
    postgres: of("postgres"),
    kratos: of("kratos"),
    hydra: of("hydra"),
    hera: of("hera"),
    athena: of("athena"),
  };
}

export function reservedMiB(size: Size): number {
  return services.reduce((sum, service) => sum + size[service].reservationMiB, 0);
}

export function limitedMiB(size: Size): number {
  return services.reduce((sum, service) => sum + size[service].limitMiB, 0);
}
