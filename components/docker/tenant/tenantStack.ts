import * as pulumi from "@pulumi/pulumi";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import type { Given } from "../../../fleet/rings/ledger.ts";
import { type GivenRecord, givenRecordOf } from "../../../fleet/rings/record.ts";
import { administratorPassword, clientSecret, rootsInOrder } from "../../../fleet/secrets.ts";
import type { RootRecord, SecretsRecord } from "../../../fleet/secretsRecord.ts";
import type { DnsZone } from "../../dns/zone.ts";
import { areThere } from "../../reached.ts";
import type { Host } from "../host/host.ts";
import { type TenantImages, tenantImages } from "./images.ts";
import { createParts } from "./parts.ts";
import { createStop, type Refusal } from "./refusal.ts";
import { createSecrets, type StackSecret, type TenantSecrets } from "./secrets.ts";
import type { TenantStep } from "./steps.ts";
import { createVhost } from "./vhost.ts";
import { createVolume } from "./volume.ts";

/**
 * A tenant, planned, and the host that it lives on.
 *
 * @example
 * ```ts
 * new TenantStack("acme", {
 *   plan: onDocker(planTenant(tenant, host.config, fleet.config), host.config),
 *   host,
 *   given: { release: tenant.wanted },
 *   stackSecret: (key) => new pulumi.Config("olympus").requireSecret(key),
 *   protectData: true,
 * });
 * ```
 */
export interface TenantStackArgs {
  /** What runs for the tenant and where it lies: `onDocker()`. */
  plan: DockerTenant;
  /** The host it lives on. **Another host starts an empty tenant there**; moving data is a command of its own. */
  host: Host;
  /** Where the tenant's names are made. Default: nowhere, they are made by hand. */
  zone?: DnsZone | undefined;
  /** Looks up secrets of the stack's configuration, such as the SMTP connection. */
  stackSecret: StackSecret;
  /**
   * What the tenant is given, and what it had, where that is another one; for the state to remember. Default: nobody asks for
   * it later.
   */
  given?: (Given & { readonly before?: Given | undefined }) | undefined;
  /**
   * Generations of secrets that it is given, and what a run before has noted of them, for the state to remember. Default:
   * nobody asks for it later.
   */
  secrets?: { readonly now: SecretsRecord; readonly before: SecretsRecord | undefined } | undefined;
  /** What must be there before anything that runs of the tenant is touched. Images are pulled before. Default: nothing. */
  after?: readonly pulumi.CustomResource[] | undefined;
  /** Why nothing of the tenant may be touched, and whom that waits for. Default: it may be. */
  refusal?: Refusal | undefined;
  /** Protect the tenant as a whole, and keep its volume and root key. False only where data may be thrown away. */
  protectData: boolean;
  /** Whether the next run is to delete it with its data: the state then remembers once nothing of it is protected any more. */
  isPurged?: boolean | undefined;
}

/** How the first administrator signs in, and where. */
export interface AdministratorSignIn {
  email: string;
  /** Set when the administrator was made; a password changed later is not known here. */
  initialPassword: pulumi.Output<string>;
}

/**
 * One complete, physically isolated Olympus: networks, volume, root key, Postgres, Kratos, Hydra, Hera, Athena,
 * the steps that prepare them, and the site file that leads to them. Of one that is suspended or retired what runs is
 * gone, and the site is closed. It shares nothing with another tenant but the host's engine and its Caddy.
 */
export class TenantStack extends pulumi.ComponentResource {
  /** Origins of login UI, Hydra's public API and admin UI; planned, so that they are known while its host is down. */
  readonly urls: DockerTenant["urls"];
  readonly state: DockerTenant["state"];
  readonly administrator: AdministratorSignIn;
  /** Made last of all: when it is there, the tenant answers. Undefined for a tenant that is refused. */
  readonly site: pulumi.CustomResource | undefined;
  /** Whether what runs is of the images that are planned. */
  readonly isAsPlanned: pulumi.Output<boolean>;
  /** What it comes through in this run, in order: its images, gates, and its site. */
  readonly steps: readonly TenantStep[];
  /** Secrets of confidential OAuth2 clients by client id. */
  readonly clientSecrets: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: TenantStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("olympus:fleet:TenantStack", name, {}, opts);
    const { plan, host, zone, stackSecret, protectData } = args;
    const stop = args.refusal ? [createStop(name, args.refusal, this)] : [];
    const { dependsOn, ...rest } = host.child(this);
    const after = args.after ?? [];
    const early = { ...rest, dependsOn: [...dependsOn, ...stop] };
    const child = { ...early, dependsOn: [...early.dependsOn, ...after] };

    const secrets = createSecrets(plan.tenant, stackSecret, protectData, { parent: this, dependsOn: stop });
    const volume = createVolume(plan, protectData, secrets, child);
    const images = tenantImages(plan, host, early);
    const { ready, isAsPlanned, steps } = createParts({ plan, host, images, volume, secrets }, child, [
      ...host.ready,
      ...stop,
      ...after,
    ]);
    // Before the site, so that Pulumi deletes them after it: docs/adr/0009.
    const names =
      zone?.records(plan.records, { parent: this, tenant: plan.tenant, dependsOn: [...ready] }) ?? [];
    const site = createVhost(plan, host, protectData, child, [...ready, ...names]);

    this.site = args.refusal ? undefined : site;
    this.isAsPlanned = isAsPlanned;
    this.steps = [...pulled(plan, images), ...steps, { name: "site", once: [site] }];

    this.urls = plan.urls;
    this.state = plan.state;
    this.administrator = {
      email: plan.administrator,
      initialPassword: secrets.value(administratorPassword(plan.administrator, plan.roots)),
    };
    this.clientSecrets = clientSecrets(plan, secrets);
    this.registerOutputs({
      urls: this.urls,
      administrator: this.administrator,
      clientSecrets: this.clientSecrets,
      // Once all of it has lost its protection. A run that was cut short lifts the rest in the next.
      ...(args.isPurged && { unprotected: areThere([volume, ...secrets.resources, site]) }),
      ...(args.given && { given: remembered(args.given, after) }),
      ...(args.secrets && {
        secrets: noted(args.secrets, rootRecords(plan, args.secrets.now, secrets), [...stop, ...after]),
      }),
    });
  }
}

/** None for a tenant of which nothing runs. */
function pulled({ workloads }: DockerTenant, images: TenantImages): TenantStep[] {
  const references = [...new Set(workloads.map(({ image }) => image))];
  return references.length === 0 ? [] : [{ name: "images", once: references.map(images) }];
}

function clientSecrets(plan: DockerTenant, secrets: TenantSecrets): pulumi.Output<Record<string, string>> {
  const values = plan.confidentialClients.map(
    (client) => [client.id, secrets.value(clientSecret(client, plan.roots))] as const,
  );
  return pulumi.all(Object.fromEntries(values));
}

/** Which root keys the generations that it is given are derived from. */
const rootRecords = (
  { roots }: DockerTenant,
  { generation }: SecretsRecord,
  secrets: TenantSecrets,
): pulumi.Output<RootRecord[]> =>
  pulumi.all(
    rootsInOrder(roots)
      .filter(({ since }) => since <= generation)
      .map(({ since, key }) =>
        secrets.fingerprint(key).apply((fingerprint): RootRecord => ({ since, key, fingerprint })),
      ),
  );

/** Like the release: from the tenant's turn on, whatever becomes of it then. */
const noted = (
  { now, before }: NonNullable<TenantStackArgs["secrets"]>,
  roots: pulumi.Output<RootRecord[]>,
  after: readonly Pick<pulumi.CustomResource, "id">[],
) =>
  pulumi
    .all([areThere(after), roots])
    .apply(([isItsTurn, found]): SecretsRecord | undefined =>
      isItsTurn ? { ...now, roots: found } : before,
    );

/** Not before the tenant's turn: where what it waits for fails, the state goes on saying what it had. */
export const remembered = (
  { before, ...given }: NonNullable<TenantStackArgs["given"]>,
  after: readonly Pick<pulumi.CustomResource, "id">[],
) =>
  areThere(after).apply((isItsTurn): GivenRecord | undefined => {
    if (isItsTurn) return { ...givenRecordOf(given), ...(before && { before: givenRecordOf(before) }) };
    return before && givenRecordOf(before);
  });
