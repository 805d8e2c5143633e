import type { Browser } from "playwright-core";
import { Acme } from "../../lab/acme/acme.ts";
import { LabCloudflare } from "../../lab/cloudflare/server.ts";
import { LabZone } from "../../lab/cloudflare/zone.ts";
import type { TenantOutputs } from "../../lab/stack/fleetStack.ts";
import { Application } from "./application.ts";
import { openBrowser } from "./browser.ts";
import { ManyHostsFleet } from "./manyHosts.ts";
import { fleetFile } from "./testFleet.ts";
import { Visitor } from "./visitor.ts";

/** Which tenant lives where. */
export const homes = {
  acme: "eu-1",
  bigcorp: "eu-1",
  clinic: "eu-2",
  dentist: "eu-2",
  exchange: "eu-3",
  foundry: "eu-3",
} as const;
export type PublicTenant = keyof typeof homes;
export const publicTenants = Object.keys(homes) as PublicTenant[];

export const zoneName = "example.com";
export const domain = `id.${zoneName}`;

const token = "editor-of-the-zone-kQ9vT2xLw8Zr4Nc7Yp1Hs";

/**
 * A whole fleet as the public meets it: six tenants on three hosts that are reached by SSH, an edge in front, one
 * wildcard record in a zone at Cloudflare, and certificates of an authority that really asks back.
 */
export class PublicFleet {
  readonly fleet: ManyHostsFleet;
  readonly zone: LabZone;
  readonly acme: Acme;
  readonly application: Application;
  /** Comes from this machine, and trusts the authority alone. */
  readonly visitor: Visitor;
  readonly browser: Browser;
  readonly outputs: Readonly<Record<string, TenantOutputs>>;
  private readonly api: LabCloudflare;

  private constructor(
    parts: Pick<
      PublicFleet,
      "fleet" | "zone" | "acme" | "application" | "visitor" | "browser" | "outputs"
    > & {
      readonly api: LabCloudflare;
    },
  ) {
    this.fleet = parts.fleet;
    this.zone = parts.zone;
    this.acme = parts.acme;
    this.application = parts.application;
    this.visitor = parts.visitor;
    this.browser = parts.browser;
    this.outputs = parts.outputs;
    this.api = parts.api;
  }

  static async start(): Promise<PublicFleet> {
    const zone = new LabZone(zoneName);
    const api = await LabCloudflare.start([zone], { [token]: { zones: [zone.id], mayEdit: true } });
    process.env.CLOUDFLARE_BASE_URL = api.url;
    const application = await Application.start();
    const fleet = await ManyHostsFleet.prepare({
      tenants: fleetFile(tenants(application)),
      hosts: ["eu-1", "eu-2", "eu-3", "edge-1"].map((name) => ({ name })),
      config: {
        domain,
        edge: { hosts: ["edge-1"] },
        dns: { provider: "cloudflare", mode: "wildcard", zone: zoneName, zoneId: zone.id },
      },
    });
    try {
      const edge = fleet.host("edge-1").address;
      // Names lead where the stack's wildcard record will lead them, which a test checks.
      const acme = await Acme.start(fleet.site, { answers: edge });
      await fleet.configure({ tls: acme.tls });
      await fleet.stack.setSecret("cloudflareApiToken", token);
      await fleet.up();
      const outputs = (await fleet.stack.outputs()).fleet;
      const visitor = Visitor.trusting(await acme.issuerRoot(), edge);
      const browser = await openBrowser(edge);
      return new PublicFleet({ fleet, zone, acme, application, visitor, browser, outputs, api });
    } catch (error) {
      await fleet.close();
      await application.stop();
      await api.close();
      throw error;
    }
  }

  urls(tenant: PublicTenant): TenantOutputs["urls"] {
    const found = this.outputs[tenant];
    if (!found) throw new Error(`the stack's outputs lack ${tenant}`);
    return found.urls;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.application.stop();
    await this.fleet.close();
    delete process.env.CLOUDFLARE_BASE_URL;
    await this.api.close();
  }
}

/** All alike, but for where they live. */
export function tenants({ redirectUri }: Pick<Application, "redirectUri">) {
  const clients = { portal: { redirectUris: [redirectUri] } };
  return Object.fromEntries(
    Object.entries(homes).map(([name, host]) => [
      name,
      { host, clients, admin: { allow: ["10.77.0.0/16"] } },
    ]),
  );
}
