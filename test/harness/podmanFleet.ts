import { execa } from "execa";
import type { LabHost } from "../../lab/hosts/host.ts";
import type { LabImages } from "../../lab/images/images.ts";
import type { FleetStack, RunResult } from "../../lab/stack/fleetStack.ts";
import { EngineClient } from "./engineClient.ts";
import { ManyHostsFleet } from "./manyHosts.ts";
import type { OneHost } from "./oneHost.ts";
import { httpPort, httpsPort } from "./testFleet.ts";
import { Visitor } from "./visitor.ts";

const name = "local";

/** What docs/podman.md has an administrator write on a new host. */
const preparation = `mkdir -p /etc/containers/containers.conf.d
printf '[containers]\\npids_limit = 200\\n' > /etc/containers/containers.conf.d/olympus-fleet.conf`;

/** A fleet on one lab host with Podman as root, which is reached by SSH. */
export class PodmanFleet extends EngineClient implements OneHost {
  readonly host: LabHost;
  readonly address: string;
  readonly visitors: OneHost["visitors"];
  private readonly fleet: ManyHostsFleet;

  private constructor(fleet: ManyHostsFleet, visitors: OneHost["visitors"]) {
    super(fleet.host(name).dockerHost);
    this.fleet = fleet;
    this.host = fleet.host(name);
    this.address = this.host.address;
    this.visitors = visitors;
  }

  static async prepare(tenants: string): Promise<PodmanFleet> {
    const fleet = await ManyHostsFleet.prepare({
      tenants,
      hosts: [{ name, engine: "podman" }],
      hostConfig: { engine: "podman", httpPort, httpsPort },
    });
    const host = fleet.host(name);
    await host.run("sh", "-c", preparation);
    // Who is asked for the world's names is the test's to say; a boot forgets it.
    const resolver = `echo nameserver ${fleet.site.address} > /run/resolv.conf`;
    await host.run("sh", "-c", `${resolver} && mount --bind /run/resolv.conf /etc/resolv.conf`);
    // Podman's service reads its settings when it starts.
    await host.engine.kill();
    await host.engine.start();
    const usual = fleet.site.address;
    const other = usual.replace(/\.\d+$/, ".2");
    const { stdout } = await execa("ip", ["-brief", "address", "show", "to", usual]);
    const [link = ""] = stdout.split(/[\s@]/);
    await execa("ip", ["address", "add", `${other}/24`, "dev", link]);
    return new PodmanFleet(fleet, { usual, other });
  }

  get stack(): FleetStack {
    return this.fleet.stack;
  }

  get images(): LabImages {
    return this.fleet.images;
  }

  visitor(): Promise<Visitor> {
    return Visitor.of(this, this.address);
  }

  writeTenants(text: string): Promise<void> {
    return this.fleet.writeTenants(text);
  }

  configure(change: Readonly<Record<string, unknown>>): Promise<void> {
    return this.fleet.configure(change);
  }

  configureHost(change: Readonly<Record<string, unknown>>): Promise<void> {
    return this.fleet.configureHost(name, change);
  }

  up(...args: string[]): Promise<RunResult> {
    return this.fleet.up(...args);
  }

  close(): Promise<void> {
    return this.fleet.close();
  }
}
