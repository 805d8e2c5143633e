import { certified } from "../../backends/docker/caddy/acme.ts";
import type { PlannedFleet, PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import { slotCount } from "../../backends/docker/subnets.ts";
import { limitBudgetMiB } from "../../fleet/capacity.ts";
import { dnsAdvice } from "../../fleet/dns/advice.ts";
import { type DnsRecord, stackRecords } from "../../fleet/dns/records.ts";
import type { Host } from "../../fleet/model.ts";
import { limitedBy, reservedBy } from "../../fleet/placement.ts";
import type { TenantState } from "../../fleet/tenant/state.ts";
import { advice } from "./advice.ts";
import { type CertificateNeed, certificateAdvice, certificateNeeds } from "./certificates.ts";
import { type Prices, shareOf } from "./cost.ts";

export interface TenantReport {
  readonly name: string;
  readonly host: string;
  readonly ring: string;
  readonly release: string;
  readonly state: TenantState;
  /** What it uses in its state. */
  readonly reservedMiB: number;
  readonly limitedMiB: number;
  readonly networks: { readonly internal: string; readonly egress: string };
  readonly urls: { readonly login: string; readonly api: string; readonly admin: string };
  /** All names that Caddy answers for the tenant. */
  readonly hostNames: readonly string[];
  /** In the caller's currency; missing without a price. */
  readonly cost?: number;
}

export interface HostReport {
  readonly name: string;
  readonly address: string;
  readonly tenants: number;
  readonly memoryMiB: number;
  readonly reserveMiB: number;
  /** `memory - reserve`: what reservations must fit. */
  readonly availableMiB: number;
  readonly reservedMiB: number;
  readonly limitedMiB: number;
  /** `memory × overcommit`: what limits must fit. */
  readonly limitBudgetMiB: number;
  readonly networkPool: string;
  /** How many tenants' networks the pool holds. */
  readonly networkSlots: number;
  /** Site files of Caddy, one per tenant, with three sites each. */
  readonly sites: number;
  /** Names with a certificate of the ACME server, or of Caddy itself where that is the authority. */
  readonly certificates: number;
}

/** A stack as its files declare it. */
export interface StackReport {
  readonly stack: string;
  readonly domain: string;
  readonly tls: string;
  readonly rings: readonly string[];
  readonly hosts: readonly HostReport[];
  /** In the order of the file. */
  readonly tenants: readonly TenantReport[];
  /** Tenants of the file that another stack makes. */
  readonly elsewhere: readonly { readonly name: string; readonly host: string }[];
  /** Records of the stack and of its tenants, in the order of the file. */
  readonly records: readonly DnsRecord[];
  /** Certificates of the ACME server, by what is registered; empty where Caddy is the authority. */
  readonly certificates: readonly CertificateNeed[];
  readonly advice: readonly string[];
  readonly warnings: readonly string[];
}

export function stackReport(planned: PlannedFleet, prices: Prices, warnings: readonly string[]): StackReport {
  const { fleet } = planned;
  const { stack, domain, tls, hosts, overcommit } = fleet.config;
  const hostReports = Object.values(hosts).map((host) => hostReport(host, planned, overcommit));
  const records = [...stackRecords(fleet.config), ...planned.tenants.flatMap(({ plan }) => plan.records)];
  const reserved = new Map(hostReports.map((host) => [host.name, host.reservedMiB]));
  return {
    stack,
    domain,
    tls: tls.mode,
    rings: fleet.rings.map(({ name }) => name),
    hosts: hostReports,
    tenants: planned.tenants.map((tenant) => {
      const share = shareOf(reservedBy(tenant.tenant), reserved.get(tenant.tenant.host) ?? 0, prices);
      return { ...tenantReport(tenant), ...(share !== undefined && { cost: share }) };
    }),
    elsewhere: fleet.skipped,
    records,
    certificates: certificateNeeds(planned),
    advice: [
      ...advice(fleet, hostReports),
      ...certificateAdvice(planned),
      ...dnsAdvice(fleet.config, records),
    ],
    warnings,
  };
}

function hostReport(host: Host, { fleet, tenants }: PlannedFleet, overcommit: number): HostReport {
  const { tls } = fleet.config;
  const here = tenants.filter(({ tenant }) => tenant.host === host.name);
  const sum = (amount: (tenant: PlannedTenant) => number) => here.reduce((all, one) => all + amount(one), 0);
  return {
    name: host.name,
    address: host.address,
    tenants: here.length,
    memoryMiB: host.memoryMiB,
    reserveMiB: host.reserveMiB,
    availableMiB: host.memoryMiB - host.reserveMiB,
    reservedMiB: sum(({ tenant }) => reservedBy(tenant)),
    limitedMiB: sum(({ tenant }) => limitedBy(tenant)),
    limitBudgetMiB: limitBudgetMiB(host, overcommit),
    networkPool: host.networkPool,
    networkSlots: slotCount(host.networkPool),
    sites: here.length,
    certificates: sum(({ plan }) =>
      tls.mode === "internal" ? hostNamesOf(plan).length : certified(plan.routes, tls).length,
    ),
  };
}

function tenantReport({ tenant, plan }: PlannedTenant): TenantReport {
  return {
    name: tenant.name,
    host: tenant.host,
    ring: tenant.ring,
    release: plan.release,
    state: tenant.state,
    reservedMiB: reservedBy(tenant),
    limitedMiB: limitedBy(tenant),
    networks: { internal: plan.networks.internal.subnet, egress: plan.networks.egress.subnet },
    urls: plan.urls,
    hostNames: hostNamesOf(plan),
  };
}

const hostNamesOf = ({ routes }: PlannedTenant["plan"]) => routes.flatMap(({ hostNames }) => hostNames);
