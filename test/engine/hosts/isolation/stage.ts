import { join } from "node:path";
import { physicalName } from "../../../../fleet/names.ts";
import { services } from "../../../../fleet/tenant/parts.ts";
import type { SiteVisitor } from "../../../../lab/hosts/visitor.ts";
import { ManyHostsFleet } from "../../../harness/manyHosts.ts";
import { type Probed, reached, reachFrom, reachFromNeighbour, type Target } from "../../../harness/reach.ts";
import {
  addressesOf,
  gatewayOf,
  listeningAt,
  portsOf,
  tenantPorts,
} from "../../../harness/tenantAddresses.ts";
import { fleetFile } from "../../../harness/testFleet.ts";

/** Where the host's own service answers, and somebody outside who plays a cloud. */
const port = 7777;
const metadata = "169.254.77.2";
const server = (address: string, ...ports: readonly number[]) =>
  `for (const port of ${JSON.stringify(ports)}) require("node:net").createServer((socket) => socket.on("error", () => {}).end("hello")).listen(port, "${address}")`;

/** Two tenants on one host, a service of the host's, and a machine beside it that the host forwards for. */
export class IsolationStage {
  readonly fleet: ManyHostsFleet;
  readonly outside: SiteVisitor;
  /** IPv4 and IPv6 addresses that must not answer acme. */
  closed: readonly Target[] = [];
  private readonly heras = new Map<string, string>();
  private ofTenants: readonly Target[] = [];

  private constructor(fleet: ManyHostsFleet, outside: SiteVisitor) {
    this.fleet = fleet;
    this.outside = outside;
  }

  static async open(): Promise<IsolationStage> {
    const tenants = fleetFile({ acme: {}, bigcorp: {} });
    const hosts = [{ name: "eu-1" }];
    const fleet = await ManyHostsFleet.prepare({ tenants, hosts, hostConfig: { healthInterval: 5 } });
    try {
      await fleet.up();
      const stage = new IsolationStage(fleet, await fleet.site.visitor());
      await stage.prepare();
      return stage;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  get host() {
    return this.fleet.host("eu-1");
  }

  get probed(): Probed {
    const engine = this.fleet.engine("eu-1");
    return {
      dockerHost: engine.dockerHost,
      docker: (...args) => engine.docker(...args),
      images: this.fleet.images,
    };
  }

  docker(...args: readonly string[]): Promise<string> {
    return this.fleet.engine("eu-1").docker(...args);
  }

  /** Tables of the host's firewall, IPv4 and IPv6, flushed as the usual script does, and everything accepted. */
  async flush(...tables: readonly string[]): Promise<void> {
    const lines = ["iptables", "ip6tables"].flatMap((tool) => [
      ...["INPUT", "FORWARD", "OUTPUT"].map((chain) => `${tool} -P ${chain} ACCEPT`),
      ...tables.flatMap((table) => [`${tool} -t ${table} -F`, `${tool} -t ${table} -X`]),
    ]);
    // Chains of which others are in use cannot be removed, which nobody minds.
    await this.host.run("sh", "-c", `${lines.join("; ")}; true`);
  }

  /** The tables as they were: Docker's rules come back only with the engine. */
  async remembered(): Promise<() => Promise<unknown>> {
    const file = "/run/remembered";
    await this.host.run("sh", "-c", `iptables-save > ${file}.4; ip6tables-save > ${file}.6`);
    return () => this.host.run("sh", "-c", `iptables-restore < ${file}.4; ip6tables-restore < ${file}.6`);
  }

  /** What answers that must not, from each of acme's networks and from outside. */
  async open(): Promise<string[]> {
    const inside = services.map(async (service) => {
      const found = await reachFrom(this.probed, physicalName("acme", service), this.closed);
      return reached(found).map((target) => `${service} ${target}`);
    });
    const outside = reached(await reachFromNeighbour(this.outside, this.ofTenants));
    return [...(await Promise.all(inside)).flat(), ...outside.map((target) => `outside ${target}`)];
  }

  /** Where Caddy finds a tenant's login page. */
  login(tenant: string): { readonly upstream: string; readonly address: string } {
    const address = this.heras.get(tenant) ?? "";
    return { address, upstream: `${address}:${portsOf.hera[0]}` };
  }

  async removeInternalNetwork(tenant: string): Promise<void> {
    const network = physicalName(tenant, "internal");
    for (const service of services) {
      await this.docker("network", "disconnect", "--force", network, physicalName(tenant, service));
    }
    await this.docker("network", "rm", network);
  }

  /** The host's default gateway answers at all of a tenant's addresses, and writes down what it gets. */
  async answerAsGateway(tenant: string): Promise<void> {
    const { fleet, host, outside } = this;
    const { address } = this.login(tenant);
    const network = address.replace(/\d+$/, (last) => `${Number(last) & ~15}/28`);
    await outside.run("ip", "route", "add", "local", network, "dev", "lo");
    const log = join(fleet.site.folder, "gateway.log");
    const serve = `for (const port of ${JSON.stringify(tenantPorts)}) require("node:http").createServer((request, response) => {
  require("node:fs").appendFileSync(${JSON.stringify(log)}, request.method + " " + request.url + "\\n");
  response.end("mine");
}).listen(port, "0.0.0.0")`;
    const [nsenter, args] = outside.at(process.execPath, "-e", serve);
    await fleet.site.start("gateway", [nsenter, ...args]);
    await host.run("ip", "route", "replace", "default", "via", outside.address);
    const patience = ["--retry", "20", "--retry-delay", "1", "--retry-all-errors", "--max-time", "5"];
    await host.run("curl", "-sS", "-o", "/dev/null", ...patience, `http://${address}:${portsOf.hera[0]}/`);
  }

  close(): Promise<void> {
    return this.fleet.close();
  }

  private async prepare(): Promise<void> {
    const { host, outside, fleet } = this;
    await host.startBeside("service", process.execPath, "-e", server("::", port));
    const [nsenter, args] = outside.at(process.execPath, "-e", server(metadata, port));
    await outside.run("ip", "address", "add", `${metadata}/32`, "dev", "lo");
    await fleet.site.start("cloud", [nsenter, ...args]);
    await host.run("ip", "route", "add", `${metadata}/32`, "via", outside.address);
    await outside.run("ip", "route", "add", "10.128.0.0/9", "via", host.address);
    await host.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.all.forwarding=1");
    for (const [index, tenant] of ["acme", "bigcorp"].entries())
      await this.giveIpv6(tenant, `fd77:${index}:`);

    const engine = fleet.engine("eu-1");
    const { "acme-internal": hera = "" } = await addressesOf(engine, "acme", "hera");
    this.heras.set("acme", hera);
    this.ofTenants = [...(await listeningAt(engine, "acme")), ...(await listeningAt(engine, "bigcorp"))];
    const gateways = ["acme-internal", "acme-egress", "bigcorp-egress"].map((name) =>
      gatewayOf(engine, name),
    );
    const services = [host.address, ...(await Promise.all(gateways)), "fd77:0::1"];
    this.closed = [
      ...(await listeningAt(engine, "bigcorp")),
      "fd77:1::2:5432",
      ...services.map((address) => `${address}:${port}`),
      `${metadata}:${port}`,
    ];
  }

  /** What no tenant of ours has, and somebody may give it: an address by which to go round IPv4's rules. */
  private async giveIpv6(tenant: string, prefix: string): Promise<void> {
    const format = "{{.State.Pid}}";
    const pid = await this.docker("inspect", "--format", format, `${tenant}-kratos`);
    const name = '{{index .Options "com.docker.network.bridge.name"}}';
    const bridge = await this.docker("network", "inspect", "--format", name, `${tenant}-egress`);
    const gateway = await gatewayOf(this.fleet.engine("eu-1"), `${tenant}-egress`);
    const inside = `link=$(ip -4 -o route get ${gateway} | sed 's/.* dev \\([^ ]*\\).*/\\1/')
sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.$link.disable_ipv6=0
ip -6 address add ${prefix}:2/64 dev $link nodad && ip -6 route add default via ${prefix}:1`;
    const outside = `sysctl -qw net.ipv6.conf.${bridge}.disable_ipv6=0; ip -6 address add ${prefix}:1/64 dev ${bridge} nodad`;
    await this.host.run("sh", "-ec", outside);
    await this.host.run("nsenter", "--target", pid.trim(), "--net", "sh", "-ec", inside);
  }
}
