import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { projectDir } from "../../../lab/paths.ts";
import { ensureAct } from "../../../lab/toolchain/act.ts";
import type { Revision } from "./repository.ts";

const actions = join(import.meta.dirname, "actions");
const standIns = join(import.meta.dirname, "bin");

/** Label of the team's own runner, beside GitHub's. */
export const ownRunner = "fleet-runner";

type Values = Readonly<Record<string, string>>;

export interface WorkflowRun {
  /** File name below .github/workflows. */
  readonly workflow: string;
  readonly event: string;
  readonly payload: unknown;
  readonly on: Revision;
  readonly id: string;
  /** Variables and secrets of the repository and of every environment. */
  readonly vars?: Values;
  readonly secrets: Values & { readonly GITHUB_TOKEN: string };
  /** What stand-ins read. */
  readonly env: Values;
}

export interface WorkflowResult {
  readonly exitCode: number;
  /** How each job ended that ran, by its name: `success` or `failure`. A job that was skipped is not in it. */
  readonly jobs: Values;
  /** What the log of the run shows, line by line after the name of the job. */
  readonly log: string;
}

/**
 * Runs a workflow on this machine, in a folder of its own that goes with `folder`. A runner's steps see the environment of
 * a bare machine, and the stand-ins for the actions, for `gh` and for `npm ci`.
 *
 * Secrets are not masked in the log, so that a log without them is one in which nobody has written them.
 *
 * @param folder the caller's, empty; may be used again
 * @param clone has the workflows
 */
export async function runWorkflow(folder: string, clone: string, run: WorkflowRun): Promise<WorkflowResult> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  const at = join(folder, `run-${run.id}`);
  await mkdir(at, { recursive: true, mode: 0o700 });
  const file = async (name: string, value: unknown) => {
    await writeFile(join(at, name), JSON.stringify(value), { mode: 0o600 });
    return join(at, name);
  };
  const { workflow, event, payload, on, id, vars = {}, secrets, env } = run;
  const told = {
    ...env,
    PROJECT: projectDir,
    STAND_INS: standIns,
    RUNNER_ENVIRONMENT: "github-hosted",
    GITHUB_REPOSITORY: "we/fleet",
    GITHUB_REF: on.ref,
    SHA_REF: on.sha,
    GITHUB_RUN_ID: id,
  };
  const path = join(clone, ".github/workflows", workflow);
  const { exitCode, all } = await execa(
    await ensureAct(),
    [
      event,
      ...["--directory", clone, "--workflows", path, "--eventpath", await file("event.json", payload)],
      ...[
        "--platform",
        "ubuntu-24.04=-self-hosted",
        "--platform",
        `${ownRunner}=-self-hosted`,
        "--json",
        "--rm",
      ],
      ...["--no-skip-checkout", "--no-cache-server", "--use-new-action-cache", "--insecure-secrets"],
      ...["--action-cache-path", join(at, "act"), ...(await replacements(path))],
      ...["--secret-file", await file("secrets.yaml", secrets), "--var-file", await file("vars.yaml", vars)],
      ...["--env-file", await file("env.yaml", told)],
    ],
    {
      env: {
        HOME: home,
        LANG: "C.UTF-8",
        PATH: [join(standIns, "runner"), process.env.PATH].join(delimiter),
      },
      extendEnv: false,
      all: true,
      reject: false,
    },
  );
  return { exitCode: exitCode ?? -1, ...read(all) };
}

/** `--local-repository` for every action that the workflow uses: act fetches none. */
async function replacements(workflow: string): Promise<string[]> {
  const text = await readFile(workflow, "utf8");
  const used = new Set([...text.matchAll(/uses: ([\w-]+)\/([\w-]+)@([0-9a-f]{40})/g)].map(([all]) => all));
  return [...used].flatMap((uses) => {
    const action = uses.replace("uses: ", "");
    const [owner = "", name = ""] = action.split(/[/@]/);
    return ["--local-repository", `${action}=${join(actions, owner === "actions" ? name : owner)}`];
  });
}

interface Line {
  readonly msg: string;
  readonly job?: string;
  readonly jobResult?: string;
}

function read(output: string): Pick<WorkflowResult, "jobs" | "log"> {
  const lines = output
    .split("\n")
    .filter(Boolean)
    .map((line): Line => (line.startsWith("{") ? JSON.parse(line) : { msg: line }))
    // How act finds our stand-ins.
    .filter(({ msg }) => !msg.startsWith("LocalRepositoryCache "))
    // The name of the workflow, which the caller knows, stands before, and blanks after it.
    .map(({ job = "", ...line }) => ({ ...line, job: job.replace(/^.*\//, "").trimEnd() }));
  const results = lines.flatMap(({ job, jobResult }) => (jobResult === undefined ? [] : [[job, jobResult]]));
  const log = lines.map(({ job, msg }) => `${job}: ${msg.trimEnd()}\n`).join("");
  return { jobs: Object.fromEntries(results), log };
}

interface Job {
  readonly name: string;
  readonly permissions: object;
  readonly environment?: string;
}

async function jobsOf(workflow: string): Promise<Job[]> {
  const { jobs } = parse(await readFile(join(projectDir, ".github/workflows", workflow), "utf8"));
  return Object.values<Job>(jobs);
}

/** What the tokens of a workflow's jobs may do, together: of ours one job has a use for it. */
export async function rightsOf(workflow: string): Promise<Record<string, string>> {
  return Object.assign({}, ...(await jobsOf(workflow)).map(({ permissions }) => permissions));
}

/** The environments of a workflow's jobs, by the job's name, for a stack. */
export async function environmentsOf(workflow: string, stack: string): Promise<[string, string][]> {
  const filled = (text: string) => text.replace(/\$\{\{ matrix\.stack \}\}/, stack);
  return (await jobsOf(workflow)).flatMap(({ name, environment }) =>
    environment === undefined ? [] : [[filled(name), filled(environment)]],
  );
}
