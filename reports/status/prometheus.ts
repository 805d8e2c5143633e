import { services } from "../../fleet/tenant/parts.ts";
import type { StatusDocument } from "./document.ts";
import type { HostStatus } from "./status.ts";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: nobody knows, so there is no sample. */
  readonly value: number | undefined;
}

/**
 * The document in Prometheus's text format, for the node exporter's textfile collector. What could not be asked has no
 * sample: an alert on it is one on absence.
 */
export function prometheus({ stack, asked, hosts, tenants }: StatusDocument): string {
  const known = (verdict: string) => (verdict === "unknown" ? undefined : Number(verdict === "well"));
  const of = ({ tenant, host, ring }: { tenant: string; host: string; ring: string }) => ({
    stack,
    tenant,
    host,
    ring,
  });
  return [
    metric("status_timestamp_seconds", "When the fleet was asked", [
      { labels: { stack }, value: Math.floor(Date.parse(asked) / 1000) },
    ]),
    metric(
      "tenant_up",
      "1 when every service of the tenant, its database and its pages answer, or when it is closed as the files say; 0 when it is not so",
      tenants.map((one) => ({ labels: of(one), value: known(one.verdict) })),
    ),
    metric(
      "tenant_active",
      "1 when the tenant is active by the files, 0 when it is suspended or retired",
      tenants.map((one) => ({ labels: of(one), value: Number(one.state === "active") })),
    ),
    metric(
      "service_up",
      "1 when the service's own health command succeeds",
      tenants.flatMap((one) =>
        services.map((service) => ({
          labels: { ...of(one), service },
          value: ["unknown", "off"].includes(one.services[service])
            ? undefined
            : Number(one.services[service] === "healthy"),
        })),
      ),
    ),
    metric(
      "service_restarts",
      "Times that the engine has started the tenant's services again by itself since their containers were made",
      tenants.map((one) => ({
        labels: of(one),
        value: one.restarts,
      })),
    ),
    metric(
      "database_written",
      "1 when the tenant's database was written just now",
      tenants.map((one) => ({
        labels: of(one),
        value: one.isWritten === undefined ? undefined : Number(one.isWritten),
      })),
    ),
    metric(
      "certificate_days",
      "Whole days until the first certificate of the tenant's names ends",
      tenants.map((one) => ({ labels: of(one), value: one.certificateDays })),
    ),
    metric(
      "host_up",
      "1 when the host answers and has room",
      hosts.map(({ host, verdict }) => ({ labels: { stack, host }, value: known(verdict) })),
    ),
    metric(
      "host_disk_free_bytes",
      "Room where the host's images and volumes lie",
      hosts.map((one) => bytesOf(stack, one, "freeMiB")),
    ),
    metric(
      "host_disk_size_bytes",
      "Size of the file system where the host's images and volumes lie",
      hosts.map((one) => bytesOf(stack, one, "totalMiB")),
    ),
  ].join("");
}

const bytesOf = (stack: string, { host, space }: HostStatus, what: "freeMiB" | "totalMiB"): Sample => ({
  labels: { stack, host },
  value: space && space[what] * 1024 * 1024,
});

function metric(name: string, help: string, samples: readonly Sample[]): string {
  const full = `olympus_fleet_${name}`;
  const lines = samples.flatMap(({ labels, value }) =>
    value === undefined
      ? []
      : [
          `${full}{${Object.entries(labels)
            .map(([key, text]) => `${key}="${escaped(text)}"`)
            .join(",")}} ${value}\n`,
        ],
  );
  return `# HELP ${full} ${help}.\n# TYPE ${full} gauge\n${lines.join("")}`;
}

const escaped = (text: string) =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
