import { countedSites } from "../../backends/docker/caddy/visits.ts";
import type { Databases } from "../../backends/docker/databases.ts";
import type { PlannedFleet, PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import { type AskedService, serviceAnswers, servicesScript } from "../../backends/docker/services.ts";
import { noTrials } from "../../backends/docker/trials.ts";
import type { Host, StackConfig } from "../../fleet/model.ts";
import { origin, physicalName } from "../../fleet/names.ts";
import { services } from "../../fleet/tenant/parts.ts";
import { edgeHosts, visitorsPort } from "../../fleet/wayIn.ts";
import { isSshHost } from "../../hosts/ssh/ssh.ts";
import { transportTo } from "../../hosts/transport.ts";
import { visitsSeconds } from "../../reports/status/sites.ts";
import type { HostAnswers } from "../../reports/status/status.ts";
import type { Page } from "../../reports/status/visit.ts";
import { askDatabases } from "../databases.ts";
import { silenceOf } from "../silence.ts";

/** A service that hangs takes this long; a hundred tenants that answer take less. */
const seconds = 120;

/** Of a host whose engine has not said which databases there are. */
const unasked: Databases = { isWhole: false, space: undefined, databases: [], kept: [] };

/** Asks a host for the services and databases of its tenants. */
export async function askHost({ tenants }: PlannedFleet, host: Host): Promise<HostAnswers> {
  const transport = transportTo(host, "-doctor");
  const here = tenants.filter(({ tenant }) => tenant.host === host.name);
  const all = here.flatMap(asked);
  const sites = here.flatMap(({ plan }) => countedSites(plan, visitsSeconds));
  try {
    const [told, databases] = await Promise.all([
      transport.run(servicesScript(host.engine, all, noTrials, sites), { seconds }),
      askDatabases(transport, host.engine),
    ]);
    const answers = serviceAnswers(told.out);
    const silence = answers.isAnswered ? undefined : await silenceOf(host, transport, told);
    return { host: host.name, silence, services: answers, databases: databases ?? unasked };
  } finally {
    await transport.close();
  }
}

/** Of one that is closed, what holds its volume, and whether a service still runs. */
function asked({ tenant, plan }: PlannedTenant): AskedService[] {
  const { keeper } = plan;
  if (keeper === undefined) {
    return plan.workloads.flatMap(({ kind, part, health }) =>
      kind === "service" && health !== undefined
        ? [{ container: physicalName(tenant.name, part), health }]
        : [],
    );
  }
  const rest = services.map((service) => ({
    container: physicalName(tenant.name, service),
    health: ["true"],
  }));
  return [{ container: keeper.name, health: keeper.health }, ...rest];
}

/** What a visitor of a tenant must get: the sign-in page at each of its names, and the keys that tokens are checked with. */
export function pagesOf({ tenant, plan }: PlannedTenant, config: StackConfig): Page[] {
  const host = config.hosts[tenant.host];
  if (host === undefined) return [];
  const port = visitorsPort(host, config);
  const address = addressOf(edgeHosts(config)[0] ?? host);
  return plan.routes.flatMap(({ purpose, hostNames }) => {
    const page = pages[purpose];
    if (page === undefined) return [];
    return hostNames.map((name) => ({
      url: `${origin(name, port)}${page.path}`,
      purpose: page.purpose,
      address,
    }));
  });
}

/** The admin site may be closed to who asks. */
const pages: Readonly<Partial<Record<string, Pick<Page, "purpose"> & { readonly path: string }>>> = {
  login: { path: "/login", purpose: "sign-in page" },
  api: { path: "/.well-known/jwks.json", purpose: "keys of tokens" },
};

/** Asked by address, so that DNS is no part of the answer, and names below localhost need not resolve. */
function addressOf(host: Host): string {
  return host.publicAddress[0] ?? (isSshHost(host) ? host.ssh.hostName : "127.0.0.1");
}
