import { acmeRoot } from "../../backends/docker/caddy/acme.ts";
import { caddyfile } from "../../backends/docker/caddy/caddyfile.ts";
import { vhost } from "../../backends/docker/caddy/vhost.ts";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { Tenant, Tls } from "../../fleet/model.ts";
import { Acme, type AcmeOptions } from "../../lab/acme/acme.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import type { LabHost } from "../../lab/hosts/host.ts";
import { LabSite } from "../../lab/hosts/site.ts";
import { ensureImages } from "../../lab/images/images.ts";
import { config, tenant, host as usualHost } from "../fixtures.ts";
import { CaddyBox } from "./caddyBox.ts";
import { type TlsAnswer, type TlsCall, visit } from "./tlsVisit.ts";

/** What every tenant's site leads to here: says the name that it was asked for. */
const standIn = `require("node:http").createServer((request, response) => response.end(request.headers.host)).listen(9000, "127.0.0.1")`;

/** One host with Caddy as the fleet runs it, and a certificate authority that it orders from. Behind it are no tenants. */
export class AcmeStage {
  readonly site: LabSite;
  readonly caddy: CaddyBox;
  private authority: Acme | undefined;
  private authorities = 0;
  private root = "";

  private constructor(site: LabSite, caddy: CaddyBox) {
    this.site = site;
    this.caddy = caddy;
  }

  static async start(): Promise<AcmeStage> {
    const { caddy: image } = await ensureImages(await ensureRegistry());
    const site = await LabSite.open([{ name: "eu-1" }]);
    try {
      const host = site.host("eu-1");
      await host.start("stand-in", process.execPath, "-e", standIn);
      const caddy = await CaddyBox.start(host.dockerHost, image, "caddy", "host");
      return new AcmeStage(site, caddy);
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  get host(): LabHost {
    return this.site.host("eu-1");
  }

  get acme(): Acme {
    if (!this.authority) throw new Error("no authority has been started");
    return this.authority;
  }

  /** Another account for each authority: none knows those of the one before. */
  get tls(): Tls {
    return { ...this.acme.tls, email: `ops-${this.authorities}@example.com` };
  }

  /** Starts an authority in place of the one before, with another root, and tells Caddy. All names lead to the host. */
  async orderFrom(options: AcmeOptions = {}): Promise<void> {
    await this.authority?.stop();
    this.authority = await Acme.start(this.site, { answers: this.host.address, ...options });
    this.authorities++;
    this.root = await this.authority.issuerRoot();
    await this.published("Caddyfile", caddyfile(usualHost, this.tls));
  }

  /** Puts a tenant's site file in place as the program does, or another in place of it. */
  async publish(name: string, change: Partial<Tenant> = {}): Promise<void> {
    const plan = plannedTenant(tenant(name, change), usualHost, { ...config, tls: this.tls });
    const routes = plan.routes.map((route) => ({ ...route, upstream: "127.0.0.1:9000", from: "127.0.0.1" }));
    await this.published(`sites/${name}.caddy`, vhost({ ...plan, routes }, this.tls));
  }

  async unpublish(name: string): Promise<void> {
    await this.caddy.publish(`sites/${name}.caddy`, "", "delete");
  }

  /** Somebody outside who trusts the authority and nobody else. */
  visit(name: string, call: TlsCall = {}): Promise<TlsAnswer> {
    return visit(this.host.address, name, { trusts: this.root, ...call });
  }

  async close(): Promise<void> {
    await this.site.close();
  }

  private async published(path: string, content: string): Promise<void> {
    const beside = path === "Caddyfile" ? acmeRoot(this.tls) : undefined;
    const { exitCode, stderr } = await this.caddy.publish(path, content, "create", beside);
    if (exitCode !== 0) throw new Error(stderr);
  }
}
