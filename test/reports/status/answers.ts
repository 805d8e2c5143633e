import type { Visits } from "../../../backends/docker/caddy/visits.ts";
import { plannedTenant } from "../../../backends/docker/fleetPlan.ts";
import type { ServiceAnswer } from "../../../backends/docker/services.ts";
import type { Release, Tenant } from "../../../fleet/model.ts";
import { services } from "../../../fleet/tenant/parts.ts";
import { statusDocument } from "../../../reports/status/document.ts";
import { type HostAnswers, hostStatus, tenantStatus } from "../../../reports/status/status.ts";
import type { Visit } from "../../../reports/status/visit.ts";
import { config, host, tenant } from "../../fixtures.ts";

/** What hosts and visitors say of a fleet that is well, and what a test lays over it. */

/** What is laid over the answer about a service. */
export type Change = Partial<ServiceAnswer> | "gone";

/** What is laid over the answers about a tenant. */
export interface TenantChange {
  readonly entry?: Partial<Tenant>;
  readonly services?: Readonly<Record<string, Change>>;
  readonly database?: Partial<HostAnswers["databases"]["databases"][number]> | "gone";
  readonly visit?: Partial<Visit>;
  /** What its sites have answered visitors. */
  readonly visits?: Readonly<Partial<Record<"login" | "api", Visits>>>;
}

/** What the file has: 2026.11, and 2026.12 with other images throughout. */
const { release: usual } = tenant("acme");
export const imageOf = (service: string, version: number) => `registry.test/${service}:${version}`;
export const releases: readonly Release[] = [
  usual,
  {
    ...usual,
    name: "2026.12",
    images: {
      postgres: imageOf("postgres", 2),
      kratos: imageOf("kratos", 2),
      hydra: imageOf("hydra", 2),
      hera: imageOf("hera", 2),
      athena: imageOf("athena", 2),
    },
  },
];

export const silence = "it does not answer";

export const lasting = (from: string, until: string) => ({ from: new Date(from), until: new Date(until) });

/** Of one service each, in the order of their start. */
export function serviceAnswers(name: string, changes: Readonly<Record<string, Change>> = {}) {
  return services.flatMap((service): [string, ServiceAnswer][] => {
    const change = changes[service];
    if (change === "gone") return [];
    const container = `${name}-${service}`;
    const well = {
      container,
      state: "running",
      restarts: 0,
      startedAt: undefined,
      image: imageOf(service, 1),
      isHealthy: true,
    };
    return [[container, { ...well, ...change }]];
  });
}

/**
 * The document of a stack.
 *
 * @param fleet by host, its tenants with what is wrong with them
 * @param over  by host, what is laid over its answers; `silent` for one that gives none
 */
export function documentOf(
  at: Date,
  fleet: Readonly<Record<string, Readonly<Record<string, TenantChange>>>>,
  over: Readonly<Record<string, Partial<HostAnswers["databases"]> | "silent">> = {},
  stack = "prod",
) {
  const found = Object.entries(fleet).map(([name, tenants]) => {
    const answers = hostAnswers(name, tenants, over[name]);
    return {
      host: hostStatus(answers),
      tenants: Object.entries(tenants).map(([tenantName, change]) => {
        const entry = tenant(tenantName, { ...change.entry, host: name });
        const plan = plannedTenant(entry, { ...host, name }, config);
        return tenantStatus({ tenant: entry, plan }, releases, answers, [visitOf(entry, change)], at);
      }),
    };
  });
  return statusDocument({
    stack,
    at,
    rings: ["canary", "stable"],
    hosts: found.map(({ host }) => host),
    tenants: found.flatMap(({ tenants }) => tenants),
  });
}

function hostAnswers(
  name: string,
  tenants: Readonly<Record<string, TenantChange>>,
  over: Partial<HostAnswers["databases"]> | "silent" | undefined,
): HostAnswers {
  if (over === "silent") {
    return {
      host: name,
      silence,
      services: {
        isAnswered: false,
        isWhole: false,
        services: new Map(),
        trials: new Map(),
        visits: new Map(),
      },
      databases: { isWhole: true, space: undefined, databases: [], kept: [] },
    };
  }
  const entries = Object.entries(tenants);
  return {
    host: name,
    silence: undefined,
    services: {
      isAnswered: true,
      isWhole: true,
      trials: new Map(),
      visits: new Map(
        entries.flatMap(([one, { visits = {} }]) =>
          Object.entries(visits).map(([site, found]): [string, Visits] => [`${one}.${site}`, found]),
        ),
      ),
      services: new Map(
        entries.flatMap(([one, { entry, services: changes }]) =>
          (entry?.state ?? "active") === "active" ? serviceAnswers(one, changes) : keeperAnswer(one),
        ),
      ),
    },
    databases: {
      isWhole: true,
      space: {
        folder: "/var/lib/docker",
        totalMiB: 102_400,
        freeMiB: 51_200,
        inodes: { total: 6_553_600, free: 6_000_000 },
      },
      databases: entries.flatMap(([one, { entry, database }]) =>
        database === "gone" || (entry?.state ?? "active") !== "active"
          ? []
          : [
              {
                container: `${one}-postgres`,
                space: undefined,
                usedMiB: 48,
                complaint: undefined,
                ...database,
              },
            ],
      ),
      kept: entries.flatMap(([one, { entry }]) =>
        (entry?.state ?? "active") === "active" ? [] : [{ container: `${one}-keeper`, usedMiB: 50 }],
      ),
      ...over,
    },
  };
}

const keeperAnswer = (name: string): [string, ServiceAnswer][] => {
  const container = `${name}-keeper`;
  return [
    [
      container,
      { container, state: "running", restarts: 0, startedAt: undefined, image: undefined, isHealthy: true },
    ],
  ];
};

const visitOf = ({ name, state }: Tenant, { visit }: TenantChange): Visit => ({
  url: `https://${name}.example.org/login`,
  purpose: "sign-in page",
  status: state === "active" ? 200 : state === "suspended" ? 503 : 410,
  complaint: undefined,
  certificate: lasting("2026-10-12T12:00:00Z", "2027-01-10T12:00:00Z"),
  ...visit,
});
