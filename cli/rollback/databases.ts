import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { type Loss, type Told, told } from "../../backends/docker/migrations/answers.ts";
import type { Removed } from "../../backends/docker/migrations/losses.ts";
import {
  askScript,
  downScript,
  lossScript,
  type Migrator,
  rehearseScript,
} from "../../backends/docker/migrations/script.ts";
import {
  type Host,
  type Release,
  type StackConfig,
  type Tenant,
  versionedServices,
} from "../../fleet/model.ts";
import { withImages } from "../../fleet/release.ts";
import type { Transport } from "../../hosts/transport.ts";
import type { TenantBack } from "../../reports/rollback/document.ts";
import { removedBy, unknownTo, type Way, wrongWayDown } from "../../reports/rollback/ways.ts";
import { silenceOf } from "../silence.ts";

/** An old image may have to be pulled again, and some hundred migrations are run. */
const seconds = 900;

/** A host or a database that could not be asked. */
export class Unasked extends Error {
  override readonly name = "Unasked";
}

/** A tenant with what it has and what it is to get back. */
export interface Moving {
  readonly tenant: Tenant;
  readonly has: Release;
  readonly to: Release;
}

/** The databases of a tenant that goes back. */
export class TenantDatabases {
  private readonly moving: Moving;
  private readonly host: Host;
  private readonly older: readonly Migrator[];
  private readonly newer: readonly Migrator[];
  private readonly transport: Transport;
  /** What the way down removes and nobody has written to, as far as it was counted. */
  private readonly unwritten = new Map<Migrator["service"], Removed>();

  constructor(moving: Moving, host: Host, config: StackConfig, transport: Transport) {
    const { tenant, has, to } = moving;
    const [newer, older] = [withImages(has, tenant.images), withImages(to, tenant.images)];
    const changing = versionedServices.filter((service) => newer.images[service] !== older.images[service]);
    const migrators = (release: Release): Migrator[] => {
      const { workloads } = plannedTenant({ ...tenant, release }, host, config);
      return changing.flatMap((service) => {
        const step = workloads.find(({ part }) => part === `${service}-migrate`);
        if (step === undefined) return [];
        const { image, command, user, memory } = step;
        return [{ service, image, up: command, user, memoryMiB: memory.limitMiB }];
      });
    };
    this.moving = moving;
    this.host = host;
    this.transport = transport;
    this.older = migrators(older);
    this.newer = migrators(newer);
  }

  /**
   * What leads each service back whose image changes. Changes nothing of the tenant's.
   *
   * @throws Unasked
   */
  async ways(): Promise<TenantBack["services"]> {
    if (this.older.length === 0) return [];
    const asked = await this.run(askScript(this.where, this.older));
    const silent = this.older.find(({ service }) => asked.of(service).versions("knows").length === 0);
    if (silent !== undefined) {
      throw new Unasked(
        `${this.where.tenant}: ${silent.image} has made nothing of an empty database, so nobody knows what it can work on`,
      );
    }
    const late = this.newer.filter(({ service }) => unknownTo(asked.of(service)).length > 0);
    const rehearsed =
      late.length === 0
        ? undefined
        : await this.run(
            rehearseScript(
              this.where,
              late.map((migrator) => ({
                migrator,
                known: asked.of(migrator.service).versions("knows").length,
              })),
            ),
          );
    const found: { service: Migrator["service"]; way: Way }[] = [];
    for (const { service } of this.older) {
      const migrations = unknownTo(asked.of(service));
      if (migrations.length === 0 || rehearsed === undefined) {
        found.push({ service, way: { kind: "image" } });
        continue;
      }
      const why = wrongWayDown(asked.of(service), rehearsed.of(service));
      found.push({
        service,
        way:
          why === undefined
            ? { kind: "down", migrations, losses: await this.losses(service, rehearsed) }
            : { kind: "dump", migrations, why },
      });
    }
    return found;
  }

  private async losses(service: Migrator["service"], rehearsed: Told): Promise<Loss[]> {
    const removed = removedBy(rehearsed.of(service));
    if (removed === undefined) return [];
    const counted = await this.run(lossScript(this.where, new Map([[service, removed]])));
    const losses = counted.of(service).losses.filter(({ rows }) => rows > 0);
    // Where something is lost it was accepted with all that comes meanwhile.
    if (losses.length === 0) this.unwritten.set(service, removed);
    return losses;
  }

  /**
   * Stops the services whose migrations are to be taken back, and takes them back.
   *
   * @throws Unasked with what the program has said
   */
  async takeBack(services: TenantBack["services"]): Promise<void> {
    const work = services.flatMap(({ service, way }) => {
      const migrator = this.newer.find((one) => one.service === service);
      const unwritten = this.unwritten.get(service);
      return way.kind === "down" && migrator !== undefined
        ? [{ migrator, steps: way.migrations.length, unwritten }]
        : [];
    });
    if (work.length > 0) await this.run(downScript(this.where, work));
  }

  private get where() {
    return { engine: this.host.engine, tenant: this.moving.tenant.name };
  }

  private async run(script: string): Promise<Told> {
    const { name } = this.moving.tenant;
    const printed = await this.transport.run(script, { seconds });
    const answers = told(printed.out);
    if (!answers.isAnswered) {
      throw new Unasked(
        `host ${this.host.name} does not answer, so the databases of ${name} could not be asked: ${await silenceOf(this.host, this.transport, printed)}`,
      );
    }
    const [fault] = answers.faults;
    if (fault !== undefined) throw new Unasked(`${name}: ${fault}`);
    if (!answers.isWhole) throw new Unasked(`${name}: its databases were not done within ${seconds} s`);
    return answers;
  }
}
