import { services } from "../../fleet/tenant/parts.ts";
import type { StatusDocument } from "./document.ts";
import type { TenantStatus } from "./status.ts";
import type { Verdict } from "./verdict.ts";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: nobody knows, so there is no sample. */
  readonly value: number | undefined;
}

/**
 * The document in Prometheus's text format, for the node exporter's textfile collector. What could not be asked has no
 * sample: an alert on it is one on absence. docs/alerts.md has them all, with units.
 */
export const prometheus = (document: StatusDocument): string =>
  [...ofFleet(document), ...ofTenants(document), ...ofHosts(document)].join("");

const ofFleet = ({ stack, asked }: StatusDocument) => [
  metric("status_timestamp_seconds", "When the fleet was asked", [
    { labels: { stack }, value: seconds(asked) },
  ]),
];

function ofTenants({ stack, tenants }: StatusDocument): string[] {
  const labelsOf = ({ tenant, host, ring }: TenantStatus) => ({ stack, tenant, host, ring });
  const perTenant = (name: string, help: string, of: (one: TenantStatus) => number | undefined) =>
    metric(
      name,
      help,
      tenants.map((one) => ({ labels: labelsOf(one), value: of(one) })),
    );
  const perSite = (name: string, help: string, of: (one: TenantStatus["sites"][number]) => number) =>
    metric(
      name,
      help,
      tenants.flatMap((one) =>
        one.sites.map((site) => ({ labels: { ...labelsOf(one), site: site.site }, value: of(site) })),
      ),
    );
  return [
    perTenant(
      "tenant_up",
      "1 when every service of the tenant, its database and its pages answer, or when it is closed as the files say; 0 when it is not so",
      ({ verdict }) => known(verdict),
    ),
    perTenant(
      "tenant_active",
      "1 when the tenant is active by the files, 0 when it is suspended or retired",
      ({ state }) => Number(state === "active"),
    ),
    metric(
      "service_up",
      "1 when the service's own health command succeeds",
      tenants.flatMap((one) =>
        services.map((service) => ({
          labels: { ...labelsOf(one), service },
          value: ["unknown", "off"].includes(one.services[service])
            ? undefined
            : Number(one.services[service] === "healthy"),
        })),
      ),
    ),
    metric(
      "page_up",
      "1 when a visitor gets what the tenant's state says: the page, or 503 or 410 of one that is closed",
      tenants.flatMap((one) =>
        one.pages.map(({ url, isRight }) => ({ labels: { ...labelsOf(one), url }, value: Number(isRight) })),
      ),
    ),
    perSite(
      "site_visits",
      "Visits of the last 15 minutes at the tenant's site that were answered, or failed with 500 to 599; without those that were refused with 400 to 499",
      ({ visits }) => visits,
    ),
    perSite(
      "site_failed_visits",
      "Visits of the last 15 minutes at the tenant's site that were answered with 500 to 599",
      ({ failed }) => failed,
    ),
    perTenant("database_written", "1 when the tenant's database was written just now", ({ isWritten }) =>
      isWritten === undefined ? undefined : Number(isWritten),
    ),
    // Of each service: the sum falls when one is replaced, and Prometheus would take the others' for new ones.
    metric(
      "service_restarts_total",
      "Times that the engine has started the service again by itself since its container was made",
      tenants.flatMap((one) =>
        services.map((service) => ({
          labels: { ...labelsOf(one), service },
          value: one.serviceRestarts[service],
        })),
      ),
    ),
    perTenant(
      "certificate_start_timestamp_seconds",
      "Since when the certificate of the tenant's names that ends first is good",
      ({ certificate }) => certificate && seconds(certificate.from),
    ),
    perTenant(
      "certificate_end_timestamp_seconds",
      "When the first certificate of the tenant's names ends",
      ({ certificate }) => certificate && seconds(certificate.until),
    ),
    perTenant("tenant_data_bytes", "What the tenant's database takes on the disk", ({ usedMiB }) =>
      bytes(usedMiB),
    ),
    perTenant(
      "tenant_disk_free_bytes",
      "Room on the tenant's own disk, where it has one; else its data lies on the host's",
      ({ space }) => bytes(space?.freeMiB),
    ),
    perTenant("tenant_disk_size_bytes", "Size of the tenant's own disk", ({ space }) =>
      bytes(space?.totalMiB),
    ),
    perTenant(
      "tenant_disk_inodes_free",
      "Files that can still be made on the tenant's own disk",
      ({ space }) => space?.inodes?.free,
    ),
    perTenant(
      "tenant_disk_inodes",
      "Files that fit on the tenant's own disk",
      ({ space }) => space?.inodes?.total,
    ),
  ];
}

function ofHosts({ stack, hosts, tenants }: StatusDocument): string[] {
  const perHost = (
    name: string,
    help: string,
    of: (one: StatusDocument["hosts"][number]) => number | undefined,
  ) =>
    metric(
      name,
      help,
      hosts.map((one) => ({ labels: { stack, host: one.host }, value: of(one) })),
    );
  return [
    perHost(
      "host_tenants",
      "Tenants of the host by the files",
      ({ host }) => tenants.filter((one) => one.host === host).length,
    ),
    perHost("host_up", "1 when the host answers and has room, 0 when it has too little", ({ verdict }) =>
      known(verdict),
    ),
    perHost("host_disk_free_bytes", "Room where the host's images and volumes lie", ({ space }) =>
      bytes(space?.freeMiB),
    ),
    perHost(
      "host_disk_size_bytes",
      "Size of the file system where the host's images and volumes lie",
      ({ space }) => bytes(space?.totalMiB),
    ),
    perHost(
      "host_disk_inodes_free",
      "Files that can still be made where the host's images and volumes lie",
      ({ space }) => space?.inodes?.free,
    ),
    perHost(
      "host_disk_inodes",
      "Files that fit where the host's images and volumes lie",
      ({ space }) => space?.inodes?.total,
    ),
  ];
}

const known = (verdict: Verdict) => (verdict === "unknown" ? undefined : Number(verdict === "well"));
const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
const bytes = (MiB: number | undefined) => MiB && MiB * 1024 * 1024;

function metric(name: string, help: string, samples: readonly Sample[]): string {
  const full = `olympus_fleet_${name}`;
  const lines = samples.flatMap(({ labels, value }) =>
    value === undefined ? [] : [`${full}{${Object.entries(labels).map(label).join(",")}} ${value}\n`],
  );
  return `# HELP ${full} ${help}.\n# TYPE ${full} ${name.endsWith("_total") ? "counter" : "gauge"}\n${lines.join("")}`;
}

const label = ([key, text]: [string, string]) => `${key}="${escaped(text)}"`;

const escaped = (text: string) =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
