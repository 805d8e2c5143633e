import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { expect } from "vitest";
import { plannedTenant } from "../../../backends/docker/fleetPlan.ts";
import type { DockerTenant, DockerWorkload } from "../../../backends/docker/tenant.ts";
import type { Tenant } from "../../../fleet/model.ts";
import type { SecretRef } from "../../../fleet/secrets.ts";
import { fill } from "../../../fleet/tenant/text.ts";
import { ensureDocker } from "../../../lab/docker/engine.ts";
import { ensureRegistry } from "../../../lab/docker/registry.ts";
import { ensureImages, type LabImages } from "../../../lab/images/images.ts";
import { config, host, tenant } from "../../fixtures.ts";
import { claimEngine, releaseEngine } from "../../harness/engineClaim.ts";

/** Names are not a fleet's. */
const name = "olympus-test-postgres";

/** What the services need, when the first start has come to its end. */
export const everything = "hydra of hydra\nkratos of kratos\nolympus of olympus";

/** What stands for a secret. */
const passwordOf = (ref: SecretRef) => (ref.from === "root" ? ref.label : "not-a-secret");

/** The plan's Postgres on its own, in a network and on a volume of its own. */
export class LonePostgres {
  readonly #dockerHost: string;
  readonly images: LabImages;
  #workload: DockerWorkload | undefined;
  #tenant: DockerTenant | undefined;

  private constructor(dockerHost: string, images: LabImages) {
    this.#dockerHost = dockerHost;
    this.images = images;
  }

  static async prepare(): Promise<LonePostgres> {
    const { host: dockerHost } = await ensureDocker();
    await claimEngine(dockerHost);
    const lone = new LonePostgres(dockerHost, await ensureImages(await ensureRegistry()));
    await lone.remove();
    await lone.docker("network", "rm", name);
    const made = await lone.docker("network", "create", "--internal", "--subnet", "10.255.255.0/28", name);
    expect(made.exitCode, made.output).toBe(0);
    return lone;
  }

  async end(): Promise<void> {
    await this.docker("network", "rm", name);
    await releaseEngine(this.#dockerHost);
  }

  async docker(
    ...args: string[]
  ): Promise<{ readonly exitCode: number | undefined; readonly output: string }> {
    const options = { env: { DOCKER_HOST: this.#dockerHost }, reject: false, all: true } as const;
    const { exitCode, all } = await execa("docker", args, options);
    return { exitCode, output: all };
  }

  async remove(): Promise<void> {
    await this.removeContainer();
    await this.docker("volume", "rm", "--force", name);
  }

  async removeContainer(): Promise<void> {
    await this.docker("rm", "--force", "--volumes", name);
  }

  /** The workload that the plan has for a release with this version of Postgres. */
  plan(postgresMajor: number, image: string, secrets: Partial<Tenant> = {}): void {
    const release = {
      name: "2026.11",
      images: { ...this.images, postgres: image },
      versions: { kratos: undefined, hydra: undefined },
      postgresMajor,
      postgresBase: undefined,
    };
    this.#tenant = plannedTenant(tenant("acme", { release, ...secrets }), host, config);
    this.#workload = this.#tenant.workloads.find(({ part }) => part === "postgres");
  }

  get workload(): DockerWorkload {
    if (this.#workload === undefined) throw new Error("plan() comes first");
    return this.#workload;
  }

  /**
   * @param volume a volume or folder of the host; default the volume that is made for it
   * @param change variables in place of the plan's
   */
  async create(volume = name, change: Readonly<Record<string, string>> = {}): Promise<void> {
    const { user, tmpfs, dataPath = "", entrypoint = [], command, image, part, ...rest } = this.workload;
    const env = { ...this.workload.env, ...change };
    const [program = "", ...first] = entrypoint;
    const { exitCode, output } = await this.docker(
      ...["create", "--name", name, "--user", user, "--read-only", "--cap-drop", "ALL"],
      ...["--stop-signal", rest.stopSignal, "--stop-timeout", String(rest.stopSeconds)],
      ...["--network", name, "--network-alias", part, "--volume", `${volume}:${dataPath}`],
      ...Object.entries(tmpfs).flatMap(([path, options]) => ["--tmpfs", `${path}:${options}`]),
      ...Object.entries(env).flatMap(([key, text]) => ["--env", `${key}=${fill(text, passwordOf)}`]),
      ...["--entrypoint", program, image, ...first, ...command],
    );
    expect(exitCode, output).toBe(0);
  }

  /** Runs the plan's step that makes the login roles. Every password is the name of its secret. */
  async makeRoles(): Promise<{ readonly exitCode: number | undefined; readonly output: string }> {
    const step = this.#tenant?.workloads.find(({ part }) => part === "postgres-roles");
    if (step === undefined) throw new Error("plan() comes first");
    const [program = "", ...first] = step.entrypoint ?? [];
    return this.docker(
      ...["run", "--rm", "--user", step.user, "--read-only", "--cap-drop", "ALL", "--network", name],
      ...Object.entries(step.env).flatMap(([key, text]) => ["--env", `${key}=${fill(text, passwordOf)}`]),
      ...["--entrypoint", program, step.image, ...first, ...step.command],
    );
  }

  /** Runs what ends the plan's last gate. */
  async endOldLogins(): Promise<{ readonly exitCode: number | undefined; readonly output: string }> {
    const last = this.#tenant?.gates.find((gate) => gate.name === "ready")?.last;
    return this.docker("exec", name, ...(last?.command ?? []));
  }

  /** Signs in over the network, as a service does; what it prints is the user that it acts as, or why not. */
  async signIn(database: string, role: string, password: string): Promise<string> {
    const uri = `postgres://${role}:${encodeURIComponent(password)}@postgres/${database}`;
    const query =
      "CREATE TABLE IF NOT EXISTS made (); SELECT tableowner FROM pg_tables WHERE tablename = 'made'";
    const { output } = await this.docker("exec", name, "psql", "-XqAt", uri, "-c", query);
    const [first = ""] = output
      .replace(/^NOTICE.*\n/, "")
      .replace(/^.*FATAL: +/s, "")
      .split("\n");
    return first;
  }

  async start(): Promise<void> {
    const { exitCode, output } = await this.docker("start", name);
    expect(exitCode, output).toBe(0);
  }

  kill = () => this.docker("kill", name);
  stop = () => this.docker("stop", name);
  logs = async (lines: number) => (await this.docker("logs", "--tail", String(lines), name)).output;

  /** A shell command in the running container. */
  run = (command: string) => this.docker("exec", name, "sh", "-c", command);
  query = (sql: string) => this.docker("exec", name, "psql", "-U", "postgres", "-Atc", sql);

  /** A shell command with the volume at hand, as root, while Postgres does not run; `$PGDATA` is set. */
  async onVolume(command: string): Promise<string> {
    const { env, dataPath = "", image } = this.workload;
    const folder = fill(env.PGDATA ?? "", () => "");
    const { exitCode, output } = await this.docker(
      ...["run", "--rm", "--user", "0:0", "--network", "none", "--volume", `${name}:${dataPath}`],
      ...["--env", `PGDATA=${folder}`, "--workdir", dataPath, "--entrypoint", "/bin/sh"],
      ...[image, "-ec", command],
    );
    expect(exitCode, output).toBe(0);
    return output;
  }

  /** Databases that the roles of the services own, when the server is up for good. */
  async owners(): Promise<string> {
    for (let tries = 0; tries < 300 && !(await this.isHealthy()); tries++) await sleep(200);
    const query = "SELECT datname || ' of ' || rolname FROM pg_database d JOIN pg_roles r ON r.oid = datdba";
    return (await this.query(`${query} WHERE rolname <> 'postgres' ORDER BY 1`)).output;
  }

  isHealthy = async () => (await this.docker("exec", name, ...(this.workload.health ?? []))).exitCode === 0;

  /** Exit code, once it has ended by itself. */
  ended = async () => Number((await this.docker("wait", name)).output);
}
