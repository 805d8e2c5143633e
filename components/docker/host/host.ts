import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { acmeRoot } from "../../../backends/docker/caddy/acme.ts";
import { caddyfile } from "../../../backends/docker/caddy/caddyfile.ts";
import type { HostFacts } from "../../../backends/docker/facts.ts";
import type { Leftover } from "../../../backends/docker/leftovers.ts";
import type { Host as HostConfig, HostImages, Tls } from "../../../fleet/model.ts";
import type { BehindEdge } from "../../../fleet/wayIn.ts";
import { dockerOverSsh, isSshHost } from "../../../hosts/ssh/ssh.ts";
import { speaking } from "../engine/speaking.ts";
import { type CaddyArgs, createCaddy } from "./caddy.ts";
import { createFirewall } from "./firewall.ts";
import { type HostShell, hostShell } from "./hostScript.ts";
import { type ChildOptions, type Machine, pullImage } from "./machine.ts";
import { createReach } from "./reach.ts";

/**
 * A machine as the stack's configuration has it.
 *
 * @example
 * ```ts
 * const host = new Host("eu-1", {
 *   config: config.hosts["eu-1"],
 *   tls: { mode: "acme", email: "ops@example.com" },
 *   images: config.hostImages,
 * });
 * ```
 */
export interface HostArgs {
  /** The host as the stack's configuration describes it. */
  config: HostConfig;
  /** Where certificates come from. A change rewrites the Caddyfile and reloads; no request that was read is cut off. */
  tls: Tls;
  /** Images of Caddy and the firewall. A change replaces the container: half a second without the host's sites. */
  images: HostImages;
  /** What stands in front of the host. A change rewrites the Caddyfile and reloads. Default: nothing does. */
  edge?: BehindEdge | undefined;
  /** Whether visitors come through Cloudflare's proxy, whose word on their addresses then counts. Default: false. */
  isProxied?: boolean;
  /**
   * What Caddy does on a host without tenants, which needs no firewall either. Default: tenants live there, and Caddy
   * serves their sites; 200 of them take 32 MiB.
   */
  caddy?: CaddyArgs;
  /** What the host has of what Pulumi cannot read: what differs is made again. Default: nobody has asked. */
  facts?: HostFacts | undefined;
  /** Why the host cannot be used now: then nothing on it is touched. Default: it can. */
  fault?: string | undefined;
  /** What a run that was killed has left there: it is removed before anything is made. Default: nothing. */
  leftovers?: readonly Leftover[] | undefined;
}

/**
 * What a machine needs before tenants live on it: Caddy on the host's network, the firewall that keeps tenants
 * from the host's own services, and each image once. One explicit provider, so one plugin process per host.
 */
export class Host extends pulumi.ComponentResource implements Machine {
  /** Key of `olympus:hosts`. */
  readonly hostName: string;
  readonly config: HostConfig;
  readonly tls: Tls;
  readonly images: HostImages;
  readonly facts: HostFacts | undefined;
  readonly provider: docker.Provider;
  readonly shell: HostShell;
  /** Name of Caddy's container. Known when Caddy runs with this host's configuration. */
  readonly caddy: pulumi.Output<string>;
  /** `applied`, or `not applied`, `not needed` or `not known` with the reason. */
  readonly inputRule: pulumi.Output<string>;
  /** What tenants wait for: no container of theirs runs before the host is guarded. */
  readonly ready: pulumi.Resource[];

  /** What everything on the host depends on. */
  private readonly reach: pulumi.Resource[];
  private readonly pulled = new Map<string, docker.RemoteImage>();

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("olympus:fleet:Host", name, {}, opts);
    this.hostName = name;
    this.config = args.config;
    this.tls = args.tls;
    this.images = args.images;
    this.facts = args.facts;
    this.provider = new docker.Provider(name, engineAt(args.config), { parent: this });
    this.shell = speaking(args.config.engine, hostShell(args.config));
    const { config, fault, leftovers } = args;
    this.reach = [createReach(name, { config, shell: this.shell, fault, leftovers }, this)];

    const guard = args.caddy ? undefined : createFirewall(name, this, args.images.firewall);
    this.inputRule =
      args.fault === undefined
        ? (guard?.stdout ?? pulumi.output("not needed: no tenant lives there"))
        : pulumi.output("not known: the host could not be used");
    this.ready = guard ? [guard] : [];
    const file = caddyfile(args.config, args.tls, args.edge, args.isProxied);
    const serving = { file, beside: acmeRoot(args.tls), memoryMiB: 256 };
    this.caddy = createCaddy(name, this, args.images.caddy, args.caddy ?? serving);

    this.registerOutputs({ inputRule: this.inputRule });
  }

  /** Options of everything that lives on this host. */
  child(parent: pulumi.Resource = this): ChildOptions {
    return { parent, provider: this.provider, dependsOn: this.reach };
  }

  /** The image, pulled once per host. */
  image(reference: string): docker.RemoteImage {
    const known = this.pulled.get(reference);
    if (known) return known;
    const image = pullImage(this.hostName, reference, this.child());
    this.pulled.set(reference, image);
    return image;
  }
}

/**
 * Where the provider finds the engine. It looks for the engine before its first request, and must: a network that it
 * cannot ask for would be taken for one that is gone, and a refresh while the host is down would forget it.
 */
const engineAt = (config: HostConfig): docker.ProviderArgs =>
  isSshHost(config) ? dockerOverSsh(config) : { host: config.address };
