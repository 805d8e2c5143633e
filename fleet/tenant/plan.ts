import { type DnsRecord, tenantRecords } from "../dns/records.ts";
import type { Host, OAuth2Client, StackConfig, Tenant } from "../model.ts";
import type { OwnRoot } from "../secrets.ts";
import { type TenantContext, tenantContext } from "./context.ts";
import { services } from "./parts.ts";
import { routes } from "./routes.ts";
import { athena } from "./services/athena.ts";
import { bootstrap } from "./services/bootstrap.ts";
import { endOfOldLogins } from "./services/databases.ts";
import { hera } from "./services/hera.ts";
import { hydra, hydraMigrate } from "./services/hydra.ts";
import { kratos, kratosMigrate } from "./services/kratos.ts";
import { dumpBeforeMigration, postgres } from "./services/postgres.ts";
import { postgresRoles } from "./services/postgresRoles.ts";
import { probe } from "./services/probe.ts";
import { dispositionOf, type Site, type TenantState } from "./state.ts";
import type { Gate, Route, Workload } from "./workload.ts";

/**
 * One tenant as data: all that runs, what it waits for and how it is reached, without a word of an engine. A backend adds
 * where it lies there; the offline plan prints it, tests check it, and none of them knows Olympus.
 */
export interface TenantPlan {
  readonly tenant: string;
  /** Decides what runs and what its names answer. */
  readonly state: TenantState;
  readonly host: string;
  readonly release: string;
  /** Its place among the host's addresses, as the file has it. Default: the name decides. */
  readonly network?: string | undefined;
  /** In the order in which they are told; none where the state lets nothing run. */
  readonly workloads: readonly Workload[];
  /** Images that this tenant alone names, and that are not the release's. */
  readonly ownImages: readonly string[];
  /** In start order. */
  readonly gates: readonly Gate[];
  /** What visitors meet at the names of `routes`. */
  readonly site: Site;
  readonly routes: readonly Route[];
  /** Of the tenant's own names and its custom domains. */
  readonly records: readonly DnsRecord[];
  readonly urls: TenantContext["urls"];
  readonly administrator: string;
  /** OAuth2 clients that have a secret, and of which generation that is. */
  readonly confidentialClients: readonly Pick<OAuth2Client, "id" | "secretGeneration">[];
  /** Root keys that it has brought. Default: none, all is derived from the one that Pulumi makes. */
  readonly roots?: readonly OwnRoot[] | undefined;
}

/** A step may have a large table to rewrite; a service has not. */
const limits = { timeoutSeconds: 120, stepSeconds: 900 };

const gates = ({ tenant, generations }: TenantContext): readonly Gate[] => [
  {
    name: "migrate",
    await: ["postgres"],
    dump: dumpBeforeMigration(tenant.release.postgresMajor),
    first: ["postgres-roles"],
    run: ["kratos-migrate", "hydra-migrate"],
    watch: [],
    ...limits,
  },
  { name: "bootstrap", await: ["kratos", "hydra"], run: ["bootstrap"], watch: [], ...limits },
  // It stands for all of the tenant, so it is passed again when any of its services is another container.
  {
    name: "ready",
    await: ["hera", "athena"],
    run: [],
    watch: services,
    probe,
    last: { in: "postgres", command: endOfOldLogins(generations) },
    ...limits,
  },
];

const workloads = (context: TenantContext): Workload[] => [
  postgres(context),
  postgresRoles(context),
  kratosMigrate(context),
  hydraMigrate(context),
  kratos(context),
  hydra(context),
  bootstrap(context),
  hera(context),
  athena(context),
];

export function planTenant(tenant: Tenant, host: Host, config: StackConfig): TenantPlan {
  const context = tenantContext(tenant, host, config);
  const { runs, site, hasRecords } = dispositionOf(tenant.state);
  return {
    tenant: tenant.name,
    state: tenant.state,
    host: tenant.host,
    release: tenant.release.name,
    network: tenant.network,
    workloads: runs ? workloads(context) : [],
    ownImages: runs ? (tenant.release.ownImages ?? []) : [],
    gates: runs ? gates(context) : [],
    site,
    routes: routes(context, config.domain),
    records: hasRecords ? tenantRecords(tenant, config) : [],
    urls: context.urls,
    administrator: tenant.admin.email,
    confidentialClients: tenant.clients
      .filter(({ kind }) => kind === "confidential")
      .map(({ id, secretGeneration }) => ({ id, secretGeneration })),
    roots: tenant.secretsRoots,
  };
}
