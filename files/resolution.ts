import { addressKind } from "../fleet/address.ts";
import { baseInTag, versionInTag } from "../fleet/image.ts";
import type {
  Administrator,
  Dns,
  Edge,
  Fleet,
  Mail,
  OAuth2Client,
  Release,
  StackConfig,
  Tenant,
  Tls,
  VersionedService,
} from "../fleet/model.ts";
import { withImages } from "../fleet/release.ts";
import type { Ring } from "../fleet/rings/ring.ts";
import { defaults } from "./defaults.ts";
import type { Entry, Files } from "./files.ts";
import { parsedPurge } from "./purge.ts";
import type { ReleaseEntry } from "./releases.ts";
import { ringsOf } from "./rings.ts";
import { rootsOf } from "./roots.ts";
import type { StackEntry } from "./stack.ts";
import type { TenantEntry } from "./tenants.ts";

/** Sound files as a fleet, with defaults filled in. */
export function resolved(files: Files): Fleet {
  const config = stackConfigOf(files);
  const rings = ringsOf(files.tenants);
  const here = files.entries.filter(({ isHere }) => isHere);
  const tenants = here
    .filter(({ written }) => written.purge === undefined)
    .map((entry) => tenantOf(entry, files, config, rings));
  const purges = here.flatMap((entry) => {
    const found = entry.written.purge === undefined ? undefined : parsedPurge(entry.written.purge);
    return found === undefined ? [] : [{ ...found, retired: tenantOf(entry, files, config, rings) }];
  });
  const skipped = files.entries
    .filter(({ isHere }) => !isHere)
    .map(({ name, host }) => ({ name, host: found(host, `host of ${name}`) }));
  const releases = Object.keys(files.releases.value?.releases ?? {}).map((name) => releaseOf(name, files));
  return { config, tenants, purges, rings, releases, skipped };
}

function stackConfigOf({ input, config, hosts, elsewhere, releases }: Files): StackConfig {
  const value = found(config.value, "stack configuration");
  const tls: Tls = found(value.tls, "tls");
  return {
    stack: input.stack,
    domain: found(value.domain, "domain"),
    hosts: Object.fromEntries(hosts),
    elsewhere,
    tls,
    dns: dnsOf(value.dns, value.edge !== undefined),
    edge: value.edge && edgeOf(value.edge, hosts),
    overcommit: value.overcommit ?? defaults.stack.overcommit,
    protectData: value.protectData ?? defaults.stack.protectData,
    removeAtOncePercent: Number.parseInt(value.removeAtOnce ?? defaults.stack.removeAtOnce, 10),
    hostImages: found(releases.value?.hostImages, "hostImages"),
  };
}

function dnsOf(written: StackEntry["dns"], hasEdge: boolean): Dns {
  const usual = hasEdge ? "wildcard" : "records";
  if (written?.provider !== "cloudflare") return { provider: "none", mode: written?.mode ?? usual };
  return { ...written, mode: written.mode ?? usual, proxied: written.proxied ?? false };
}

function edgeOf({ hosts: names, from }: NonNullable<StackEntry["edge"]>, hosts: Files["hosts"]): Edge {
  const addresses = names.flatMap((name) => hosts.get(name)?.publicAddress ?? []);
  const single = (address: string) => `${address}/${addressKind(address) === "ipv6" ? 128 : 32}`;
  return { hosts: names, from: from ?? addresses.map(single) };
}

function tenantOf(entry: Entry, files: Files, config: StackConfig, rings: readonly Ring[]): Tenant {
  const { name, written, size } = entry;
  const host = found(files.hosts.get(entry.host ?? ""), `host of ${name}`);
  const ofFile = files.tenants.value?.defaults ?? {};
  const origin = `${name}.${config.domain}`;
  const wanted = releaseOf(found(written.release ?? ofFile.release, `release of ${name}`), files);
  const images = written.images ?? {};
  return {
    name,
    host: host.name,
    release: withImages(wanted, images),
    wanted,
    images,
    size,
    ring: written.ring ?? ofFile.ring ?? found(rings.at(-1), "rings").name,
    domains: written.domains ?? [],
    login: written.login,
    admin: administratorOf({ ...ofFile.admin, ...written.admin }, origin),
    mail: mailOf(found(written.mail ?? ofFile.mail, `mail of ${name}`), origin),
    cors: written.cors ?? [],
    clients: Object.entries(written.clients ?? {}).map(([id, client]) => clientOf(id, client)),
    defaultClient: written.defaultClient,
    schemas: schemasOf(written, files),
    secretsGeneration: written.secrets?.generation ?? defaults.tenant.secretsGeneration,
    secretsOldest: written.secrets?.oldest ?? defaults.tenant.secretsOldest,
    secretsRoots: rootsOf(written),
    state: written.state ?? defaults.tenant.state,
    network: written.network,
    requirement: written.requirement,
  };
}

/** A release as its file has it, for all tenants. */
function releaseOf(name: string, files: Files): Release {
  const releases = files.releases.value?.releases ?? {};
  const { images, postgresMajor, postgresBase, versions }: ReleaseEntry = found(
    Object.hasOwn(releases, name) ? releases[name] : undefined,
    `release ${name}`,
  );
  const versionOf = (service: VersionedService) =>
    versionInTag(images[service]) ?? withV(versions?.[service]);
  return {
    name,
    postgresMajor,
    postgresBase: baseInTag(images.postgres) ?? postgresBase,
    versions: { kratos: versionOf("kratos"), hydra: versionOf("hydra") },
    images,
  };
}

const withV = (version: string | undefined) => version && `v${version.replace(/^v/, "")}`;

function administratorOf(admin: NonNullable<TenantEntry["admin"]>, origin: string): Administrator {
  return { email: admin.email ?? `admin@${origin}`, allow: admin.allow ?? [] };
}

function mailOf(mail: NonNullable<TenantEntry["mail"]>, origin: string): Mail {
  return mail === "none" ? mail : { smtp: mail.smtp, from: mail.from ?? `no-reply@${origin}` };
}

function clientOf(id: string, client: NonNullable<TenantEntry["clients"]>[string]): OAuth2Client {
  return {
    id,
    redirectUris: client.redirectUris,
    postLogoutRedirectUris: client.postLogoutRedirectUris ?? [],
    scope: client.scope ?? defaults.tenant.clientScope,
    kind: client.kind ?? defaults.tenant.clientKind,
    secretGeneration: client.secretGeneration,
  };
}

function schemasOf({ schemas = {} }: TenantEntry, { input }: Files): Tenant["schemas"] {
  return Object.fromEntries(
    Object.entries(schemas).map(([id, path]) => [id, found(input.schemaTexts(path), path)]),
  );
}

/** What the rules have made sure of; if it is missing, a rule is. */
function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`${what} passed the checks and is missing: please report this`);
  return value;
}
