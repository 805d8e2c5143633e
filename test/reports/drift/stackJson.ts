import { publishScript } from "../../../backends/docker/caddy/publish.ts";
import { StackState } from "../../../reports/drift/state.ts";

/** States and digests as Pulumi prints them, cut down to what is read. */

const root = "urn:pulumi:prod::olympus";
const type = {
  stack: "pulumi:pulumi:Stack",
  tenant: "olympus:fleet:TenantStack",
  host: "olympus:fleet:Host",
  provider: "pulumi:providers:docker",
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  image: "docker:index/remoteImage:RemoteImage",
  command: "command:local:Command",
  record: "cloudflare:index/dnsRecord:DnsRecord",
} as const;
type Kind = keyof typeof type;

export const stackUrn = `${root}::${type.stack}::olympus-prod`;
export const tenantUrn = (name: string) => `${root}::${type.tenant}::${name}`;
export const hostUrn = (name: string) => `${root}::${type.host}::${name}`;
/** URN of a resource below a component. */
export const urn = (kind: Kind, name: string, below: "tenant" | "host" = "tenant") =>
  `${root}::${type[below]}$${type[kind]}::${name}`;

interface Entry {
  readonly kind: Kind;
  readonly name: string;
  /** URN of the component. */
  readonly parent: string;
  readonly engine?: string;
  readonly id?: string;
  readonly inputs?: object;
}

const resource = ({ kind, name, parent, engine, id = `${name}-id`, inputs = {} }: Entry) => ({
  urn: urn(kind, name, parent.includes(type.host) ? "host" : "tenant"),
  type: type[kind],
  id,
  parent,
  inputs,
  ...(engine && { provider: `${root}::${type.host}$${type.provider}::${engine}::1-2` }),
});

const containerOf = (tenant: string, part: string, engine: string, networks: readonly string[]): Entry => ({
  kind: "container",
  name: `${tenant}-${part}`,
  parent: tenantUrn(tenant),
  engine,
  inputs: { name: `${tenant}-${part}`, networksAdvanced: networks.map((network) => ({ name: network })) },
});

export const siteOf = (tenant: string) => `# ${tenant}\n${tenant}.example.org {\n}\n`;
export const caddyfileText = "import sites/*.caddy\n";

const tenantEntries = (tenant: string, engine: string): Entry[] => [
  containerOf(tenant, "kratos", engine, [`${tenant}-internal`, `${tenant}-egress`]),
  containerOf(tenant, "postgres", engine, [`${tenant}-internal`]),
  {
    kind: "volume",
    name: `${tenant}-postgres`,
    parent: tenantUrn(tenant),
    engine,
    inputs: { name: `${tenant}-postgres` },
  },
  {
    kind: "command",
    name: `${tenant}-vhost`,
    parent: tenantUrn(tenant),
    inputs: { stdin: publishScript("olympus-caddy", `sites/${tenant}.caddy`, siteOf(tenant), "remove") },
  },
];

const hostEntries = (host: string): Entry[] => [
  {
    kind: "command",
    name: `${host}-caddyfile`,
    parent: hostUrn(host),
    inputs: { stdin: `# id\n${publishScript("olympus-caddy", "Caddyfile", caddyfileText, "keep")}` },
  },
];

/** Two hosts, a tenant on each, and a record. */
export const exported = JSON.stringify({
  version: 3,
  deployment: {
    manifest: { time: "2026-11-24T02:00:00Z" },
    resources: [
      { urn: stackUrn, type: type.stack },
      ...["eu-1", "eu-2"].map((name) => ({ urn: hostUrn(name), type: type.host, parent: stackUrn })),
      ...["acme", "bigcorp"].map((name) => ({ urn: tenantUrn(name), type: type.tenant, parent: stackUrn })),
      ...[...tenantEntries("acme", "eu-1"), ...tenantEntries("bigcorp", "eu-2")].map(resource),
      ...[...hostEntries("eu-1"), ...hostEntries("eu-2")].map(resource),
      resource({ kind: "record", name: "acme-login", parent: tenantUrn("acme") }),
      { ...resource(containerOf("acme", "old", "eu-1", [])), delete: true },
    ],
  },
});

export const state = () => new StackState("prod", exported);

interface StepEntry {
  readonly op: string;
  readonly urn: string;
  readonly parent?: string;
  readonly inputs?: object;
  readonly before?: object;
  readonly after?: object;
  readonly newInputs?: object;
  readonly properties?: readonly string[];
}

/** As `--json` prints it. */
export function digest(steps: readonly StepEntry[], diagnostics: readonly object[] = []): string {
  return JSON.stringify({
    config: {},
    steps: steps.map(({ op, urn: at, parent, inputs, before, after, newInputs, properties }) => ({
      op,
      urn: at,
      ...(op !== "create" && { oldState: { parent, inputs, outputs: before } }),
      ...(op !== "delete" && { newState: { parent, inputs: newInputs ?? inputs, outputs: after } }),
      ...(properties && { diffReasons: properties }),
    })),
    diagnostics,
  });
}
