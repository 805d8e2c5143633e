import type { Databases, Space } from "../../backends/docker/databases.ts";
import type { PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { ServiceAnswers } from "../../backends/docker/services.ts";
import type { Release } from "../../fleet/model.ts";
import { physicalName } from "../../fleet/names.ts";
import { runningReleases } from "../../fleet/runningReleases.ts";
import { type Service, services } from "../../fleet/tenant/parts.ts";
import type { TenantState } from "../../fleet/tenant/state.ts";
import { needsRoom, shortage } from "../room.ts";
import { type CertificateStatus, certificateComplaint, certificateStatus, daysLeft } from "./certificate.ts";
import { closedComplaints } from "./closed.ts";
import { type PageStatus, pageStatus, visitComplaint } from "./pages.ts";
import type { ServiceState } from "./serviceState.ts";
import { type SiteStatus, siteStatus } from "./sites.ts";
import type { Verdict } from "./verdict.ts";
import type { Visit } from "./visit.ts";

export interface TenantStatus {
  readonly tenant: string;
  readonly host: string;
  readonly ring: string;
  /** By the files. */
  readonly state: TenantState;
  readonly verdict: Verdict;
  /** The release that the files name. */
  readonly release: string;
  /** Those that its containers are of by their images, sorted; empty when nobody knows. More than one in the middle of an upgrade. */
  readonly running: readonly string[];
  readonly services: Readonly<Record<Service, ServiceState>>;
  /** Times that the engine has started a service again by itself since its container was made; undefined when nobody knows. */
  readonly restarts: number | undefined;
  /** The same of each service that is there. */
  readonly serviceRestarts: Readonly<Partial<Record<Service, number>>>;
  /** Whether its database was written just now; undefined when nobody could ask. */
  readonly isWritten: boolean | undefined;
  /** What its data takes on the disk; undefined when nobody could ask. */
  readonly usedMiB: number | undefined;
  /** Of its data, where that lies on a file system of its own; undefined where it lies on the host's. */
  readonly space: Space | undefined;
  /** What a visitor gets at its names. */
  readonly pages: readonly PageStatus[];
  /** What its sites have answered visitors in the last 15 minutes; without those of which nobody knows. No part of the verdict. */
  readonly sites: readonly SiteStatus[];
  /** The certificate of its names that ends first; undefined when nobody got one. */
  readonly certificate: CertificateStatus | undefined;
  /** Whole days until that ends; negative when it has ended. */
  readonly certificateDays: number | undefined;
  /** What is wrong, for people; empty when nothing is. */
  readonly complaints: readonly string[];
}

export interface HostStatus {
  readonly host: string;
  readonly verdict: Verdict;
  /** Where images and volumes lie. */
  readonly space: Space | undefined;
  readonly complaints: readonly string[];
}

/** What a host has answered. */
export interface HostAnswers {
  readonly host: string;
  /** Why it has said nothing; undefined when it has. */
  readonly silence: string | undefined;
  readonly services: ServiceAnswers;
  readonly databases: Databases;
}

export function hostStatus({ host, silence, services, databases }: HostAnswers): HostStatus {
  const { space } = databases;
  if (silence !== undefined)
    return {
      host,
      verdict: "unknown",
      space: undefined,
      complaints: [`nobody could ask it: ${silence.replace(/\.$/, "")}`],
    };
  const isWhole = services.isWhole && databases.isWhole;
  const short = space && shortage(space);
  return {
    host,
    verdict: short !== undefined ? "ill" : isWhole ? "well" : "unknown",
    space,
    complaints: [
      ...(short === undefined ? [] : [`the disk of images and volumes is nearly full: ${short}`]),
      ...(isWhole ? [] : ["not all of its services and databases have answered in time, and one may hang"]),
    ],
  };
}

/**
 * @param releases all that the files have
 * @param now by the clock of who asks
 */
export function tenantStatus(
  { tenant, plan }: PlannedTenant,
  releases: readonly Release[],
  answers: HostAnswers,
  visits: readonly Visit[],
  now: Date,
): TenantStatus {
  const states = Object.fromEntries(
    services.map((service) => {
      const found = containerState(physicalName(tenant.name, service), answers);
      return [service, plan.keeper && found === "missing" ? "off" : found];
    }),
  ) as Record<Service, ServiceState>;
  const found = services.flatMap((service) => {
    const answer = answers.services.services.get(physicalName(tenant.name, service));
    return answer === undefined ? [] : [{ ...answer, service }];
  });
  const images = new Map(
    found.flatMap(({ service, image }) => (image === undefined ? [] : [[service, image]])),
  );
  const database = answers.databases.databases.find(
    ({ container }) => container === physicalName(tenant.name, "postgres"),
  );
  const kept = answers.databases.kept.find(({ container }) => container === plan.keeper?.name);
  const certificate = certificateStatus(visits);
  const short = database?.space && shortage(database.space);
  const held = plan.keeper && containerState(plan.keeper.name, answers);
  const complaints = [
    ...(held === undefined
      ? openComplaints(tenant.host, answers, states)
      : closedComplaints(tenant, held, states)),
    ...(database?.complaint === undefined
      ? []
      : [
          `its database cannot be written: ${database.complaint}${needsRoom(database.complaint) ? ". Nobody can sign in until there is room" : ""}`,
        ]),
    ...(short === undefined ? [] : [`its disk is nearly full: ${short}`]),
    ...visits.flatMap((visit) => visitComplaint(visit, plan.site)),
    ...certificateComplaint(certificate, now),
  ];
  const isUnknown =
    answers.silence !== undefined ||
    !answers.services.isWhole ||
    (held === undefined ? database === undefined : held === "unknown") ||
    services.some((one) => states[one] === "unknown");
  return {
    tenant: tenant.name,
    host: tenant.host,
    ring: tenant.ring,
    state: tenant.state,
    verdict: complaints.length > 0 ? "ill" : isUnknown ? "unknown" : "well",
    release: tenant.release.name,
    running: runningReleases(images, tenant, releases),
    services: states,
    restarts: found.length === 0 ? undefined : found.reduce((sum, { restarts }) => sum + restarts, 0),
    serviceRestarts: Object.fromEntries(found.map(({ service, restarts }) => [service, restarts])),
    isWritten: database && database.complaint === undefined,
    usedMiB: database?.usedMiB ?? kept?.usedMiB,
    space: database?.space,
    pages: visits.map((visit) => pageStatus(visit, plan.site)),
    sites: siteStatus(plan, answers.services.visits, now),
    certificate,
    certificateDays: certificate && daysLeft(certificate, now),
    complaints,
  };
}

/** Of one whose services run. */
function openComplaints(
  host: string,
  { silence, services: { isWhole } }: HostAnswers,
  states: TenantStatus["services"],
): string[] {
  if (silence === undefined && isWhole && services.every((service) => states[service] === "missing")) {
    return [`nothing of it is on ${host}: no \`pulumi up\` has made it yet, or somebody has removed it`];
  }
  return services.flatMap((service) => serviceComplaint(service, states[service]));
}

function containerState(
  container: string,
  { silence, services: { isWhole, services } }: HostAnswers,
): ServiceState {
  const answer = services.get(container);
  if (answer === undefined) return silence === undefined && isWhole ? "missing" : "unknown";
  if (answer.state !== "running") return "stopped";
  if (answer.isHealthy === undefined) return "unknown";
  return answer.isHealthy ? "healthy" : "unhealthy";
}

function serviceComplaint(service: Service, state: ServiceState): string[] {
  const words = { unhealthy: "is not healthy", stopped: "does not run", missing: "is not there" } as const;
  if (state === "healthy" || state === "off" || state === "unknown") return [];
  return [`${service} ${words[state]}`];
}
