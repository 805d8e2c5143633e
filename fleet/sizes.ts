import type { Memory, Size } from "./model.ts";
import type { Service } from "./tenant/parts.ts";
import { services } from "./tenant/parts.ts";

export const sizeNames = ["small", "medium", "large"] as const;
export type SizeName = (typeof sizeNames)[number];

interface Measured {
  /** Memory after an hour with the fewest people, in MiB. */
  readonly baseMiB: number;
  /** What use adds to it. It is taken to grow with the limit: a tenant that gets twice as much is used twice as much. */
  readonly grownMiB: number;
  /** Limits at which the service was seen to fail, from low to high, and how. */
  readonly failures?: readonly Failure[];
  /** The lowest limit at which it was seen to do well. @default what it uses */
  readonly heldMiB?: number;
}

interface Failure {
  readonly limitMiB: number;
  /** Ends "at 160MiB hera …". */
  readonly words: string;
}

/**
 * Bun's collector never rests again once memory has passed about four fifths of the limit. Measure again when Hera or
 * Athena come on another runtime.
 */
const burns = "kept half of a processor core busy for good after a minute of use";

/**
 * Measured on one host with cgroup limits: Kratos and Hydra v26.2.0 and Postgres 18.4 after sign-ins and after an hour
 * idle; Hera (commit 519efa0) and Athena (e0d1e94), both on Bun 1.2.23, after 510 page loads, eight at once, and 15 s of
 * rest. The table is in docs/sizing.md. The UIs hold no data of the tenant: a higher limit made them use no more.
 */
const measured: Readonly<Record<Service, Measured>> = {
  postgres: { baseMiB: 26, grownMiB: 24 },
  kratos: { baseMiB: 36, grownMiB: 12 },
  hydra: { baseMiB: 21, grownMiB: 2 },
  // 180 to 189 at limits of 320 and more.
  hera: {
    baseMiB: 186,
    grownMiB: 0,
    heldMiB: 256,
    failures: [
      { limitMiB: 160, words: "was killed while pages were loaded" },
      { limitMiB: 192, words: burns },
    ],
  },
  // 155 to 186 at limits of 256 and more.
  athena: { baseMiB: 176, grownMiB: 0, heldMiB: 256, failures: [{ limitMiB: 192, words: burns }] },
};

/** The engine's own process beside every container. */
const shimMiB = 3.4;

/**
 * What is left of a tenant whose services do not run: a program that sleeps and holds its volume. Measured on Docker: half
 * a MiB, besides the engine's own process.
 */
export const closedMemory: Memory = { reservationMiB: Math.ceil(0.5 + shimMiB), limitMiB: 16 };

const limitsMiB: Readonly<Record<SizeName, Readonly<Record<Service, number>>>> = {
  small: { postgres: 192, kratos: 96, hydra: 96, hera: 320, athena: 320 },
  // Only what grows with identities and tokens grows.
  medium: { postgres: 384, kratos: 192, hydra: 192, hera: 320, athena: 320 },
  large: { postgres: 768, kratos: 384, hydra: 384, hera: 384, athena: 384 },
};

/** What a service needs under this limit. Below the limit of `small` the measurement stands. */
export function memory(service: Service, limitMiB: number): Memory {
  const { baseMiB, grownMiB } = measured[service];
  const growth = Math.max(1, limitMiB / limitsMiB.small[service]);
  return { reservationMiB: Math.ceil(baseMiB + growth * grownMiB + shimMiB), limitMiB };
}

/** The lowest limit that a service can live with. */
export function leastMiB(service: Service): number {
  return measured[service].heldMiB ?? memory(service, 0).reservationMiB;
}

/** Why a limit below the least is too low, with what was seen there: undefined for one that is enough. */
export function tooLow(service: Service, limitMiB: number): string | undefined {
  const least = leastMiB(service);
  if (limitMiB >= least) return undefined;
  const { failures = [] } = measured[service];
  const seen = failures.find((failure) => failure.limitMiB >= limitMiB) ?? failures.at(-1);
  if (seen === undefined) return `is less than ${service} was measured to use (${least}MiB)`;
  return `is too little: at ${seen.limitMiB}MiB ${service} ${seen.words}, and it was first seen to do well at ${least}MiB`;
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
