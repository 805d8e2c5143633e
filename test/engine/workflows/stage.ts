import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { ensureRegistry } from "../../../lab/docker/registry.ts";
import type { LabHost } from "../../../lab/hosts/host.ts";
import { LabSite } from "../../../lab/hosts/site.ts";
import { ensureImages } from "../../../lab/images/images.ts";
import { projectDir } from "../../../lab/paths.ts";
import { labReleases } from "../../../lab/stack/releases.ts";
import { ensurePulumi, type Toolchain } from "../../../lab/toolchain/pulumi.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { environmentsOf, rightsOf, runWorkflow, type WorkflowResult, type WorkflowRun } from "./act.ts";
import { GitHub } from "./gitHub.ts";
import { type Edit, type PullRequest, Repository } from "./repository.ts";

type Values = Readonly<Record<string, string>>;

export const stackName = "eu";
export const tenants = { acme: {} };

/** What the caller of a workflow says of it. */
export interface Started extends Pick<WorkflowRun, "workflow" | "event" | "payload" | "on"> {
  /** Default: the backend's address, as in a repository that deploys. */
  readonly vars?: Values;
  /** Default: all that the repository has. */
  readonly secrets?: Values;
  /** What the runner's clock says to rings; no workflow sets it. */
  readonly now?: string;
}

/** A run that has ended, with its number and its artefacts. */
export interface Run extends WorkflowResult {
  readonly id: string;
  /** Text of a file of an artefact: `plan-comment/plan.md` */
  artefact(path: string): Promise<string>;
}

/**
 * A repository that deploys a fleet, as docs/ci.md says: one stack, whose host is the lab's and is reached by SSH, state in a
 * backend of files, its secrets in an environment.
 */
export class Stage {
  readonly repository: Repository;
  readonly gitHub: GitHub;
  readonly site: LabSite;
  readonly folder: string;
  /** What its environments have. */
  readonly secrets: Values;
  private readonly toolchain: Toolchain;
  /** What no run may show. */
  private readonly unspeakable: string[] = [];
  private runs = 100;

  private constructor(
    parts: Pick<Stage, "repository" | "gitHub" | "site" | "folder" | "secrets">,
    toolchain: Toolchain,
  ) {
    this.repository = parts.repository;
    this.gitHub = parts.gitHub;
    this.site = parts.site;
    this.folder = parts.folder;
    this.secrets = parts.secrets;
    this.toolchain = toolchain;
    for (const value of Object.values(parts.secrets)) this.hush(value);
  }

  static async set(): Promise<Stage> {
    const toolchain = await ensurePulumi();
    const images = await ensureImages(await ensureRegistry());
    const site = await LabSite.open([{ name: "eu-1" }]);
    const folder = await mkdtemp(join(tmpdir(), "olympus-workflows-"));
    const gitHub = await GitHub.start(join(folder, "artefacts"));
    const secrets = {
      PULUMI_CONFIG_PASSPHRASE: `passphrase-${randomBytes(12).toString("hex")}`,
      PULUMI_ACCESS_TOKEN: `pul-${randomBytes(20).toString("hex")}`,
      AWS_ACCESS_KEY_ID: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
      AWS_SECRET_ACCESS_KEY: `aws-${randomBytes(12).toString("hex")}`,
      // As it is once it was pasted into a form: without the newline at its end.
      FLEET_SSH_KEY: (await readFile(site.identityFile, "utf8")).trimEnd(),
    };
    const repository = await Repository.create(folder);
    await mkdir(join(folder, "state"), { mode: 0o700 });
    const stage = new Stage({ repository, gitHub, site, folder, secrets }, toolchain);
    const releases = await readFile(join(projectDir, "releases.yaml"), "utf8");
    await writeFile(join(repository.clone, "releases.yaml"), labReleases(releases, images));
    await writeFile(join(repository.clone, "tenants.yaml"), fleetFile(tenants));
    await writeFile(join(repository.clone, `Pulumi.${stackName}.yaml`), stage.stackFile());
    await stage.pulumi("stack", "init", stackName, "--non-interactive");
    await repository.push({});
    return stage;
  }

  /** As an operator runs it in a clone, with the lab's Pulumi. */
  async pulumi(...command: readonly string[]): Promise<string> {
    const { PULUMI_CONFIG_PASSPHRASE = "" } = this.secrets;
    const env = { ...this.toolchain.env, PULUMI_BACKEND_URL: this.backend, PULUMI_CONFIG_PASSPHRASE };
    return (await execa(this.toolchain.pulumi, command, { cwd: this.repository.clone, env })).stdout;
  }

  /** A pull request, which GitHub's API then knows. */
  async open(edit: Edit, who: Pick<PullRequest, "author" | "from">): Promise<PullRequest> {
    const pull = await this.repository.open(edit, who);
    this.gitHub.pulls.set(pull.number, {
      state: "open",
      base: { repo: { full_name: "we/fleet" } },
      head: { sha: pull.headSha, repo: { full_name: pull.from } },
    });
    return pull;
  }

  /** A secret that no later run may show; of several lines, none of them. */
  hush(secret: string): void {
    const lines = secret.split("\n").filter((line) => line.length > 15 && !line.startsWith("-----"));
    this.unspeakable.push(...lines);
  }

  /** @throws where the log, an artefact, a comment or an issue shows a secret */
  async run({ secrets = this.secrets, vars = this.vars, now, ...started }: Started): Promise<Run> {
    const id = `${++this.runs}`;
    const artefacts = join(this.folder, "artefacts");
    const GITHUB_TOKEN = this.gitHub.tokenFor(await rightsOf(started.workflow));
    this.hush(GITHUB_TOKEN);
    const result = await runWorkflow(join(this.folder, "act"), this.repository.clone, {
      ...started,
      id,
      secrets: { ...secrets, GITHUB_TOKEN },
      vars,
      env: {
        ORIGIN: `file://${this.repository.origin}`,
        ARTEFACTS: artefacts,
        GITHUB_API_URL: this.gitHub.url,
        PULUMI_OF_LAB: this.toolchain.pulumi,
        PULUMI_ENV_OF_LAB: this.pulumiEnv,
        ...(now === undefined ? {} : { OLYMPUS_FLEET_NOW: now }),
      },
    });
    for (const [job, environment] of await environmentsOf(started.workflow, stackName)) {
      const state = result.jobs[job];
      if (state !== undefined) this.gitHub.deployments.push({ environment, sha: started.on.sha, state });
    }
    const shown = [result.log, ...this.gitHub.texts(), ...(await this.gitHub.artefactTexts(id))];
    const leak = shown.find((text) => this.unspeakable.some((secret) => text.includes(secret)));
    if (leak !== undefined) throw new Error(`${started.workflow} shows a secret: ${leak}`);
    const artefact = (path: string) => readFile(join(artefacts, id, path), "utf8");
    return { ...result, id, artefact };
  }

  async clear(): Promise<void> {
    this.gitHub.stop();
    await this.site.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Variables of the repository, as one that deploys has them. */
  get vars(): Values {
    return { PULUMI_BACKEND_URL: this.backend };
  }

  get host(): LabHost {
    return this.site.host("eu-1");
  }

  /** Without the PATH, lines for GITHUB_ENV. */
  private get pulumiEnv(): string {
    const { home, env } = this.toolchain;
    return Object.entries({ PULUMI_HOME: home, ...env })
      .filter(([name]) => name !== "PATH")
      .map(([name, value]) => `${name}=${value}`)
      .join("\n");
  }

  private get backend(): string {
    return `file://${join(this.folder, "state")}`;
  }

  private stackFile(): string {
    const { sshAddress, hostKey, address } = this.host;
    return stringify({
      config: {
        "olympus:domain": "olympus.test",
        "olympus:hosts": {
          "eu-1": { address: sshAddress, hostKey, publicAddress: [address], memory: "16GiB" },
        },
        "olympus:tls": { mode: "internal" },
        "olympus:dns": { provider: "none" },
      },
    });
  }
}
