import { plannedTenant } from "../backends/docker/fleetPlan.ts";
import type { DockerTenant } from "../backends/docker/tenant.ts";
import { readFleet } from "../files/disk.ts";
import { fleetFile, httpPort, httpsPort, TestFleet } from "../test/harness/testFleet.ts";

/** Enough for any number of tenants here; what is measured is not the capacity check. */
const host = { memory: "256GiB" };

/** `t01`, `t02`, …: two digits, so that names sort. */
export const tenantNames = (count: number) =>
  Array.from({ length: count }, (_, index) => `t${String(index + 1).padStart(2, "0")}`);

export const fileOf = (count: number) =>
  fleetFile(Object.fromEntries(tenantNames(count).map((name) => [name, {}])));

/** A fleet of small tenants, prepared and not up. */
export const prepareFleet = (count: number) => TestFleet.prepare(fileOf(count), host);

/** The plans of a prepared fleet, as the program would make them. */
export function plansOf(fleet: TestFleet): DockerTenant[] {
  const values = {
    domain: "localhost",
    hosts: { local: { address: "unix:///var/run/docker.sock", httpPort, httpsPort, ...host } },
    tls: { mode: "internal" },
    tenantsFile: `${fleet.folder}/tenants.yaml`,
    releasesFile: `${fleet.folder}/releases.yaml`,
  };
  const { config, tenants } = readFleet(fleet.folder, { stack: "bench", values, secretKeys: [] });
  return tenants.flatMap((tenant) => {
    const home = config.hosts[tenant.host];
    return home ? [plannedTenant(tenant, home, config)] : [];
  });
}

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
