import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acmeRoot } from "../../../backends/docker/caddy/acme.ts";
import { caddyfile } from "../../../backends/docker/caddy/caddyfile.ts";
import { edgeCaddyfile } from "../../../backends/docker/caddy/edgeFile.ts";
import { configFolder } from "../../../backends/docker/caddy/places.ts";
import { vhost } from "../../../backends/docker/caddy/vhost.ts";
import { plannedTenant } from "../../../backends/docker/fleetPlan.ts";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import { isProxied } from "../../../fleet/dns/records.ts";
import type { Host, StackConfig } from "../../../fleet/model.ts";
import { behindEdge } from "../../../fleet/wayIn.ts";
import type { BackgroundProcess } from "../../../lab/hosts/background.ts";
import type { LabHost } from "../../../lab/hosts/host.ts";
import { LabSite } from "../../../lab/hosts/site.ts";
import { goProgram } from "../../../lab/images/parts.ts";
import { tenant, config as usualConfig, host as usualHost } from "../../fixtures.ts";

export interface EdgeTenant {
  readonly host: string;
  readonly allow?: readonly string[];
  readonly domains?: readonly string[];
}
type Tenants = Readonly<Record<string, EdgeTenant>>;

/** Says what reached it, and speaks back whatever it is told over a connection that was upgraded. */
const upstreams = `
const server = require("node:http").createServer((request, response) => {
  const { localAddress, localPort } = request.socket;
  response.end(JSON.stringify({ upstream: localAddress + ":" + localPort, url: request.url, headers: request.headers }));
});
server.on("upgrade", (request, socket) => {
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n");
  socket.on("error", () => {}).pipe(socket);
});
const [port, ...addresses] = process.argv.slice(1);
for (const address of addresses) require("node:child_process").execFileSync("ip", ["address", "add", address + "/32", "dev", "lo"]);
server.listen(Number(port), () => console.log("up"));
`;

/**
 * An edge and two hosts behind it, each a machine of its own with the Caddy that the lab's image has and the files
 * that the program publishes. What tenants run is left out: in its place stands who says what reached it.
 */
export class EdgeLab {
  readonly site: LabSite;
  readonly config: StackConfig;
  private readonly program: string;
  private readonly caddies = new Map<string, BackgroundProcess>();

  private constructor(site: LabSite, config: StackConfig, program: string) {
    this.site = site;
    this.config = config;
    this.program = program;
  }

  /** @param change what is laid over the configuration, or makes that once the site is there */
  static async open(
    tenants: Tenants,
    change: Partial<StackConfig> | ((site: LabSite) => Promise<Partial<StackConfig>>) = {},
  ): Promise<EdgeLab> {
    const names = ["edge-1", "eu-1", "eu-2"];
    const program = await goProgram("caddy");
    const site = await LabSite.open(names.map((name) => ({ name, engine: "none" })));
    try {
      const hosts = Object.fromEntries(
        names.map((name): [string, Host] => [
          name,
          { ...usualHost, name, publicAddress: [site.host(name).address] },
        ]),
      );
      const edge = { hosts: ["edge-1"], from: [`${site.host("edge-1").address}/32`] };
      const changed = typeof change === "function" ? await change(site) : change;
      const lab = new EdgeLab(site, { ...usualConfig, hosts, edge, ...changed }, program);
      await lab.build(tenants);
      return lab;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  get edge(): LabHost {
    return this.site.host("edge-1");
  }

  plans(tenants: Tenants): DockerTenant[] {
    return Object.entries(tenants).map(([name, { host, allow = [], domains = [] }]) => {
      const entry = tenant(name, { host, domains, admin: { email: `admin@${name}.test`, allow } });
      return plannedTenant(entry, this.hostConfig(host), this.config);
    });
  }

  /** The edge's file for these tenants. */
  map(tenants: Tenants): string {
    const homes = ["eu-1", "eu-2"].map((name) => this.hostConfig(name));
    return edgeCaddyfile(this.hostConfig("edge-1"), homes, this.plans(tenants));
  }

  /** Puts the edge's file in place and lets Caddy load it, as publishing does. */
  async publish(tenants: Tenants): Promise<void> {
    await this.write("edge-1", "Caddyfile", this.map(tenants));
    await this.reload("edge-1");
  }

  /** Puts a tenant's site on its host. */
  async serve(tenants: Tenants): Promise<void> {
    for (const plan of this.plans(tenants)) {
      await this.write(plan.host, `sites/${plan.tenant}.caddy`, vhost(plan, this.config.tls));
    }
  }

  async reload(name: string): Promise<void> {
    const address = ["--address", "unix//run/caddy/admin.sock"];
    const file = ["--adapter", "caddyfile", "--config", "/run/config/Caddyfile"];
    await this.site.host(name).run(this.onHosts, "reload", ...file, ...address);
  }

  /** Caddy's own authority on a host. */
  authority(name: string): Promise<string> {
    return this.site.host(name).run("cat", "/run/data/caddy/pki/authorities/local/root.crt");
  }

  async startCaddy(name: string): Promise<void> {
    const settings = "env XDG_DATA_HOME=/run/data XDG_CONFIG_HOME=/run/settings";
    const command = `${settings} ${this.onHosts} run --adapter caddyfile --config /run/config/Caddyfile`;
    const host = this.site.host(name);
    const caddy = await host.start("caddy", "sh", "-c", `mkdir -p /run/caddy && exec ${command}`);
    this.caddies.set(name, caddy);
    const answers = ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"];
    for (let tenths = 0; (await host.tryRun(...answers)).exitCode !== 0; tenths++) {
      if (caddy.hasEnded() || tenths > 200)
        throw new Error(`Caddy of ${name} is not up. ${await caddy.complaint()}`);
      await sleep(100);
    }
  }

  async stopCaddy(name: string): Promise<void> {
    await this.caddies.get(name)?.stop();
  }

  /** What a host's Caddy has logged. */
  log(name: string): string {
    return this.caddies.get(name)?.log ?? "";
  }

  async close(): Promise<void> {
    await this.site.close();
  }

  private get onHosts(): string {
    return join(this.site.folder, "caddy");
  }

  private hostConfig(name: string): Host {
    const host = this.config.hosts[name];
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  /** /run of a host is a folder of this machine. */
  private async write(name: string, path: string, content: string): Promise<void> {
    const file = join(this.site.folder, name, "run/config", path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, content);
  }

  private async build(tenants: Tenants): Promise<void> {
    await copyFile(this.program, this.onHosts);
    for (const name of ["edge-1", "eu-1", "eu-2"]) {
      // As docs/hosts.md asks: a connection that is being made outlives a reload of Caddy, and gives up in seconds.
      const settings = "echo 1 > tcp_migrate_req; echo 2 > tcp_syn_retries";
      await this.site.host(name).run("sh", "-c", `cd /proc/sys/net/ipv4; ${settings}`);
    }
    const { tls, dns } = this.config;
    for (const name of ["eu-1", "eu-2"]) {
      const file = caddyfile(this.hostConfig(name), tls, behindEdge(this.config), isProxied(dns));
      // Hosts have this machine's /etc.
      await this.write(name, "Caddyfile", file.replaceAll(configFolder, "/run/config"));
      const root = acmeRoot(tls);
      if (root !== undefined) await this.write(name, root.path, root.content);
      await this.startUpstreams(name, tenants);
    }
    await this.serve(tenants);
    await this.write("edge-1", "Caddyfile", this.map(tenants));
    await Promise.all(["edge-1", "eu-1", "eu-2"].map((name) => this.startCaddy(name)));
  }

  /** A tenant has the same addresses wherever it lives, so each host stands in for all. */
  private async startUpstreams(name: string, tenants: Tenants): Promise<void> {
    const targets = this.plans(tenants).flatMap(({ routes }) => routes.map(({ upstream }) => upstream));
    const ports = new Set(targets.map((target) => target.split(":")[1] ?? ""));
    // The bridge's address as well, from which Caddy dials.
    const bridges = this.plans(tenants).flatMap(({ routes }) => routes.map(({ from }) => from));
    let addresses = [...new Set([...bridges, ...targets.map((target) => target.split(":")[0] ?? "")])];
    for (const port of ports) {
      const program = [process.execPath, "-e", upstreams, port, ...addresses];
      await this.site.host(name).startBeside(`upstreams-${port}`, ...program);
      addresses = [];
    }
  }
}
