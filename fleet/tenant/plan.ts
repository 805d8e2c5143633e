import { nthAddress } from "../../backends/docker/subnets.ts";
import type { EngineKind } from "../../hosts/engines.ts";
import { type DnsRecord, tenantRecords } from "../dns/records.ts";
import type { Host, StackConfig, Tenant } from "../model.ts";
import { bridgeName, physicalName } from "../names.ts";
import { type TenantContext, tenantContext } from "./context.ts";
import { routes } from "./routes.ts";
import { athena } from "./services/athena.ts";
import { bootstrap } from "./services/bootstrap.ts";
import { hera } from "./services/hera.ts";
import { hydra, hydraMigrate } from "./services/hydra.ts";
import { kratos, kratosMigrate } from "./services/kratos.ts";
import { postgres } from "./services/postgres.ts";
import type { Gate, Route, Workload } from "./workload.ts";

export interface PlannedNetwork {
  readonly name: string;
  readonly subnet: string;
  /** The bridge's own address. */
  readonly gateway: string;
  /** Internal networks have no way out and no way in but from the host itself. */
  readonly internal: boolean;
  readonly bridge: string;
}

/**
 * One tenant as data: all that runs, where it lies, what it waits for and how it is reached. The components
 * render it onto Docker, the offline plan prints it, tests check it; none of them knows Olympus.
 */
export interface TenantPlan {
  readonly tenant: string;
  readonly host: string;
  /** What runs its containers there. */
  readonly engine: EngineKind;
  readonly release: string;
  readonly networks: { readonly internal: PlannedNetwork; readonly egress: PlannedNetwork };
  /** Holds all of the tenant's data. */
  readonly volume: string;
  readonly workloads: readonly Workload[];
  /** Images that this tenant alone names, and that are not the release's. */
  readonly ownImages: readonly string[];
  /** In start order. */
  readonly gates: readonly Gate[];
  readonly routes: readonly Route[];
  /** Of the tenant's own names and its custom domains. */
  readonly records: readonly DnsRecord[];
  readonly urls: TenantContext["urls"];
  readonly administrator: string;
  /** Ids of OAuth2 clients that have a secret. */
  readonly confidentialClients: readonly string[];
}

/** A container's place in a network. */
export interface Membership {
  readonly network: string;
  /** Fixed where Caddy or another container knows it. */
  readonly address?: string;
  readonly alias?: string;
}

/** The networks that a workload's container is in, and in no other. */
export function memberships({ networks }: Pick<TenantPlan, "networks">, workload: Workload): Membership[] {
  const { address, alias, egress } = workload;
  const inside = { network: networks.internal.name, address, alias };
  return egress ? [inside, { network: networks.egress.name }] : [inside];
}

const gates: readonly Gate[] = [
  { name: "migrate", await: ["postgres"], run: ["kratos-migrate", "hydra-migrate"], timeoutSeconds: 120 },
  { name: "bootstrap", await: ["kratos", "hydra"], run: ["bootstrap"], timeoutSeconds: 120 },
  { name: "ready", await: ["hera", "athena"], run: [], timeoutSeconds: 120 },
];

export function planTenant(tenant: Tenant, host: Host, config: StackConfig): TenantPlan {
  const context = tenantContext(tenant, host, config);
  const network = (kind: "internal" | "egress"): PlannedNetwork => ({
    name: physicalName(tenant.name, kind),
    subnet: tenant.networks[kind],
    gateway: nthAddress(tenant.networks[kind], 1),
    internal: kind === "internal",
    bridge: bridgeName(tenant.networks.index, kind),
  });
  return {
    tenant: tenant.name,
    host: tenant.host,
    engine: host.engine,
    release: tenant.release.name,
    networks: { internal: network("internal"), egress: network("egress") },
    volume: physicalName(tenant.name, "postgres"),
    workloads: [
      postgres(context),
      kratosMigrate(context),
      hydraMigrate(context),
      kratos(context),
      hydra(context),
      bootstrap(context),
      hera(context),
      athena(context),
    ],
    ownImages: tenant.release.ownImages ?? [],
    gates,
    routes: routes(context, config.domain),
    records: tenantRecords(tenant, config),
    urls: context.urls,
    administrator: tenant.admin.email,
    confidentialClients: tenant.clients.filter(({ kind }) => kind === "confidential").map(({ id }) => id),
  };
}
