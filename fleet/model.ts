/**
 * The words of the project as types: what a fleet, a tenant, a host, a release and a stack are once the files
 * have been read and found sound. Everything here is data; nothing here knows YAML or Pulumi.
 */

import type { Purge } from "./purge.ts";
import type { Ring } from "./rings/ring.ts";
import type { OwnRoot } from "./secrets.ts";
import type { Service } from "./tenant/parts.ts";
import type { TenantState } from "./tenant/state.ts";

/** Memory of one service, in MiB. */
export interface Memory {
  /** What the service is measured to need; the sum over a host must fit `memory - reserve`. */
  readonly reservationMiB: number;
  /** Where the kernel stops it. Swap is off. Changed in place, unless the service takes a setting from it. */
  readonly limitMiB: number;
}

export type Size = Readonly<Record<Service, Memory>>;

/** Those whose settings and schemas change from version to version. */
export const versionedServices = ["kratos", "hydra"] as const satisfies readonly Service[];
export type VersionedService = (typeof versionedServices)[number];

/** Image reference per service; in production by digest. */
export type Images = Readonly<Record<Service, string>>;

/** Images that a tenant has in place of its release's. */
export type OwnImages = Readonly<Partial<Record<Service, string | undefined>>>;

/** A named, tested-together set of image references. */
export interface Release {
  readonly name: string;
  readonly images: Images;
  /** Those of `images` that the tenant's own entry has put in place of the release's. Default: none. */
  readonly ownImages?: readonly string[];
  /**
   * Versions of what is in the images, `v26.2.0`; undefined where neither the tag nor the file says. A setting that differs
   * from version to version is decided by these; where one is not known, it is the newest version's that was tried.
   */
  readonly versions: Readonly<Record<VersionedService, string | undefined>>;
  /** Major version of the Postgres image. A volume written by one major version is unreadable to another. */
  readonly postgresMajor: number;
  /**
   * What the Postgres image is built on, `trixie` or `alpine`; undefined where neither the tag nor the file says. Its C library
   * sorts text, and indexes are in that order: **a volume made under one C library is not used under another.**
   */
  readonly postgresBase: string | undefined;
}

/** An OAuth2 client of the tenant, kept in its Hydra by the bootstrap step. */
export interface OAuth2Client {
  /** Client id, unique within the tenant. */
  readonly id: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Space-separated scope string as Hydra takes it. Default `openid offline_access`. */
  readonly scope: string;
  /** `public` clients use PKCE and have no secret; a `confidential` one gets a secret derived from the root key. */
  readonly kind: "public" | "confidential";
  /** Generation of the tenant's secrets that its own is derived from. Another one is another secret. Default 1. */
  readonly secretGeneration?: number | undefined;
}

/** How a tenant sends mail; `none` turns recovery, verification and the verified-address check off. */
export type Mail =
  | "none"
  | {
      /** The stack secret `olympus:smtp-<name>` holds the connection URI, `smtps://user:password@host:465/`. */
      readonly smtp: string;
      /** Sender address. Default `no-reply@<tenant>.<domain>`. */
      readonly from: string;
    };

export interface Administrator {
  /** First administrator, made once with a verified address. Default `admin@<tenant>.<domain>`. */
  readonly email: string;
  /** CIDR ranges that may open the admin vhost. Default none: it answers 403 to everybody. */
  readonly allow: readonly string[];
}

export interface Tenant {
  /** DNS label, 1-30 characters; first part of every physical name. */
  readonly name: string;
  /** Key of `olympus:hosts`. */
  readonly host: string;
  /** What it runs: the release that its ring has, with this tenant's `images` put over it. */
  readonly release: Release;
  /** The release that the file asks for. Its ring may not have it yet. */
  readonly wanted: Release;
  /** Its own, in place of the release's. */
  readonly images: OwnImages;
  readonly size: Size;
  readonly ring: string;
  /** Custom hosts for the login UI, besides `<tenant>.<domain>`. */
  readonly domains: readonly string[];
  /** The one of `domains` that people are sent to for sign-in. Default: `<tenant>.<domain>`. */
  readonly login?: string | undefined;
  readonly admin: Administrator;
  readonly mail: Mail;
  /** Origins whose scripts may call Hydra's public API from a browser. */
  readonly cors: readonly string[];
  readonly clients: readonly OAuth2Client[];
  /**
   * Id of the client that Hera begins a sign-in for when no application did: confidential, with the scopes that Hera asks
   * for. Default: none.
   */
  readonly defaultClient?: string | undefined;
  /** Identity schemas beside the built-in `default` and `admin`: id to JSON text. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Version of the derived secrets. A higher one puts new values in front of the old. */
  readonly secretsGeneration: number;
  /** The oldest version that is still read, at most `secretsGeneration`. Default 1: nothing is lost. */
  readonly secretsOldest: number;
  /** Root keys that it has brought. Default: none, Pulumi makes one. */
  readonly secretsRoots?: readonly OwnRoot[] | undefined;
  /** What it is at the moment, and so what runs of it. Default `active`. */
  readonly state: TenantState;
  /** Its internal network, a /28 of the host's `networkPool`, as the file has it. Default: the name decides. */
  readonly network?: string | undefined;
  /** The auditor's ask, kept for the registry. */
  readonly requirement?: string | undefined;
}

export interface Host {
  /** Key of `olympus:hosts`. */
  readonly name: string;
  /** `unix:///var/run/docker.sock`, or `ssh://user@host[:port]`. */
  readonly address: string;
  /** How to sign in on a host over SSH; undefined for an engine of this machine. */
  readonly ssh?: SshAccess | undefined;
  /** What runs the containers. Default `docker`; Podman runs as root. */
  readonly engine: "docker" | "podman";
  /**
   * Where ports 80 and 443 are reached, by visitors or by the edge: at most one IPv4 and one IPv6 address, or one
   * host name. Empty when nobody has said.
   */
  readonly publicAddress: readonly string[];
  /** Memory of the machine, in MiB. */
  readonly memoryMiB: number;
  /** Kept back for the system, Caddy and the engine, in MiB. Default 1024. */
  readonly reserveMiB: number;
  /** CIDR from which tenants' subnets come; the lower half internal, the upper half egress. */
  readonly networkPool: string;
  /** Ports on which Caddy listens. Defaults 80 and 443. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Seconds between health checks once a container runs. Default 20. */
  readonly healthIntervalSeconds: number;
  /**
   * Whether a host on which the INPUT rule cannot be set is an error (`require`, the default) or a line in the
   * outputs (`report`, for a laptop).
   */
  readonly inputRule: "require" | "report";
}

/** A host over SSH. What is not said here (jump hosts, agents) comes from the SSH configuration of the user who runs Pulumi. */
export interface SshAccess {
  readonly user: string;
  readonly hostName: string;
  readonly port: number;
  /** The only key that the host may show, `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** Private key on the machine that runs Pulumi. Default: agent and SSH configuration. */
  readonly identityFile?: string | undefined;
}

export type Tls =
  | { readonly mode: "internal" }
  | {
      readonly mode: "acme";
      readonly email: string;
      /** Directory of the ACME server. Default: Let's Encrypt. */
      readonly ca?: string | undefined;
      /** PEM of the certificate behind the ACME server's own. Default: what the image trusts. */
      readonly caRoot?: string | undefined;
    };

/** A record per name to its tenant's host, or one wildcard to the edge or the only host. */
export type DnsMode = "records" | "wildcard";

/** Who makes the DNS records; with `none` the stack's outputs list them. */
export type Dns =
  | { readonly provider: "none"; readonly mode: DnsMode }
  | {
      readonly provider: "cloudflare";
      readonly mode: DnsMode;
      /** The zone that the stack's domain lies in. */
      readonly zone: string;
      readonly zoneId: string;
      /** Visitors come through Cloudflare's proxy. Default false. */
      readonly proxied: boolean;
    };

/** The router in front of several hosts. It passes TLS through: certificates stay at the hosts. */
export interface Edge {
  /** Keys of `olympus:hosts`; no tenant lives there. */
  readonly hosts: readonly string[];
  /** CIDR ranges from which hosts believe the PROXY protocol. Default: the edges' public addresses. */
  readonly from: readonly string[];
}

/** What a Pulumi stack sets: one set of hosts and how tenants are reached on them. */
export interface StackConfig {
  readonly stack: string;
  /** Tenants live at `<tenant>.<domain>`. */
  readonly domain: string;
  readonly hosts: Readonly<Record<string, Host>>;
  /** Hosts that other stacks own: their tenants are skipped here, and a typo is still an error. */
  readonly elsewhere: readonly string[];
  readonly tls: Tls;
  readonly dns: Dns;
  /** Undefined where visitors reach each host by itself. */
  readonly edge?: Edge | undefined;
  /** The sum of limits on a host may be this many times its memory. Default 1.5. */
  readonly overcommit: number;
  /** Whether volumes and root keys are protected and retained. Default true; false suits a laptop. */
  readonly protectData: boolean;
  /**
   * How many of the stack's tenants one run may remove with their data where data is not protected, in percent of those
   * that the state has. One may always go. Default 20.
   */
  readonly removeAtOncePercent: number;
  /** Images that a host itself runs. */
  readonly hostImages: HostImages;
}

export interface HostImages {
  /**
   * Caddy 2.11 with `http.handlers.rate_limit` (github.com/mholt/caddy-ratelimit) and, for an edge, the app `layer4`
   * (github.com/mholt/caddy-l4).
   */
  readonly caddy: string;
  /** Any image with a shell and `iptables`. */
  readonly firewall: string;
}

/** The tenants of this stack's hosts, checked and placed. */
export interface Fleet {
  readonly config: StackConfig;
  /** In the order of the file. */
  readonly tenants: readonly Tenant[];
  /**
   * Tenants that are to be deleted with all their data, or were; they are not among `tenants`. What is still there is the
   * state's to say.
   */
  readonly purges: readonly (Purge & { readonly retired: Tenant })[];
  /** In the order of the file; `after` says which follows which. Default: one, `stable`. */
  readonly rings: readonly Ring[];
  /** All that the file has, whoever runs them. In its order. */
  readonly releases: readonly Release[];
  /** Tenants of hosts in `elsewhere`: checked, but another stack's to make. */
  readonly skipped: readonly { readonly name: string; readonly host: string }[];
}
