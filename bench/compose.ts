import type { DockerTenant, DockerWorkload } from "../backends/docker/tenant.ts";
import { derive, type SecretRef } from "../fleet/secrets.ts";
import type { Part } from "../fleet/tenant/parts.ts";
import { fill } from "../fleet/tenant/text.ts";

/** A secret per tenant, repeatable and worth nothing: these tenants live for a minute. */
function secretOf(tenant: string) {
  const root = Buffer.alloc(32, tenant);
  return (ref: SecretRef) =>
    ref.from === "root" ? derive(root, ref.label, ref.format) : derive(root, JSON.stringify(ref), "password");
}

/** What compose has to wait for, the same as our gates say. */
function dependencies({ gates, workloads }: DockerTenant, { part, after, kind }: DockerWorkload) {
  const healthy = { condition: "service_healthy" };
  const finished = { condition: "service_completed_successfully" };
  const gate = gates.find(({ name }) => name === after);
  const ran = gates.find(({ run }) => run.includes(part));
  const wanted: [Part, object][] =
    kind === "step"
      ? (ran?.await ?? []).map((other) => [other, healthy])
      : (gate?.run ?? []).map((other) => [other, finished]);
  return Object.fromEntries(wanted.filter(([other]) => workloads.some((one) => one.part === other)));
}

/** `$` is compose's own. */
const escaped = (text: string) => text.replaceAll("$", "$$$$");

/**
 * The same tenant for docker-compose: images, environment, limits, order. Written as JSON, which is YAML.
 *
 * @param intervalSeconds of health checks; compose waits for them, so it decides how soon the next one starts
 */
export function composeFile(plan: DockerTenant, intervalSeconds: number): string {
  const secret = secretOf(plan.tenant);
  const services = plan.workloads.map((workload) => [
    workload.part,
    {
      image: workload.image,
      container_name: `${plan.tenant}-${workload.part}`,
      user: workload.user,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      read_only: true,
      ipc: "private",
      restart: workload.kind === "service" ? "always" : "no",
      mem_limit: `${workload.memory.limitMiB}m`,
      memswap_limit: `${workload.memory.limitMiB}m`,
      cpu_shares: workload.cpuShares,
      pids_limit: workload.pidsLimit,
      stop_grace_period: `${workload.stopSeconds}s`,
      tmpfs: Object.entries(workload.tmpfs).map(([path, options]) => `${path}:${options}`),
      logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
      ...(workload.entrypoint && { entrypoint: workload.entrypoint.map(escaped) }),
      ...(workload.command.length > 0 && { command: workload.command.map(escaped) }),
      environment: Object.fromEntries(
        Object.entries(workload.env).map(([name, value]) => [name, escaped(fill(value, secret))]),
      ),
      networks: {
        internal: { ipv4_address: workload.address, aliases: [workload.part] },
        ...(workload.wayOut && { egress: {} }),
      },
      ...(workload.dataPath && { volumes: [`data:${workload.dataPath}`] }),
      ...(workload.health && {
        healthcheck: {
          test: ["CMD", ...workload.health],
          interval: `${intervalSeconds}s`,
          // The first JWKS request makes two RSA keys; cut off, it would start over.
          timeout: "30s",
          retries: 30,
        },
      }),
      depends_on: dependencies(plan, workload),
    },
  ]);
  return JSON.stringify({
    version: "2.4",
    services: Object.fromEntries(services),
    networks: {
      internal: { internal: true, ipam: { config: [{ subnet: plan.networks.internal.subnet }] } },
      egress: { ipam: { config: [{ subnet: plan.networks.egress.subnet }] } },
    },
    volumes: { data: {} },
  });
}
