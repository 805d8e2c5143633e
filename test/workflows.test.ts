import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".github/workflows");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  readonly if?: string;
  readonly steps: readonly Step[];
}

interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean | string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = readdirSync(folder)
  .sort()
  .map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const workflow: Workflow = parse(text);
    return { file, text, workflow };
  });
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ at: `${file}: ${name}`, file, workflow, job })),
);
const steps = jobs.flatMap(({ at, job }) =>
  job.steps.map((step, index) => ({ at: `${at}, step ${index + 1}`, job, step })),
);
const runs = steps.flatMap(({ at, step }) => (step.run === undefined ? [] : [{ at, run: step.run }]));

const named = (file: string): Workflow => {
  const found = workflows.find((candidate) => candidate.file === file);
  if (!found) throw new Error(`${file} is missing`);
  return found.workflow;
};

/** A permission that somebody added is a failure here, and a line in docs/ci.md. */
const rights: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "checks.yml: test": { contents: "read" },
  "checks.yml: static": { contents: "read" },
  "deploy.yml: plan": { contents: "read" },
  "deploy.yml: up": { contents: "read" },
  "drift.yml: stacks": { contents: "read" },
  "drift.yml: look": { contents: "read" },
  "drift.yml: report": { contents: "read", issues: "write" },
  "plan-comment.yml: comment": { contents: "read", actions: "read", "pull-requests": "write" },
  "plan.yml: plan": { contents: "read" },
  "preview.yml: stacks": { contents: "read" },
  "preview.yml: preview": { contents: "read", "pull-requests": "write" },
  "rings.yml: deployed": { contents: "read", deployments: "read" },
  "rings.yml: go-on": { contents: "read", deployments: "read" },
  "rings.yml: report": { contents: "read", issues: "write" },
};

test("each job has the permissions that it needs, and no workflow any of its own", () => {
  expect(Object.fromEntries(jobs.map(({ at, job }) => [at, job.permissions]))).toEqual(rights);
  for (const { file, workflow } of workflows) expect(workflow.permissions, file).toEqual({});
});

test.each(jobs)("$at ends by itself, and its runs do not pile up", ({ workflow, job }) => {
  expect(job["timeout-minutes"]).toBeGreaterThan(0);
  // A job that only computes needs no place of its own beside a job that is one at a time.
  const others = Object.values(workflow.jobs).some((other) => other.concurrency !== undefined);
  expect(workflow.concurrency ?? job.concurrency ?? others).toBeTruthy();
});

test("no workflow runs a stranger's code with the rights of this repository", () => {
  for (const { file, workflow } of workflows)
    expect(workflow.on, file).not.toHaveProperty("pull_request_target");

  // What runs beside untrusted text checks out the default branch: no ref, and nothing is installed.
  const beside = workflows.filter(({ workflow }) => "workflow_run" in workflow.on);
  expect(beside.map(({ file }) => file)).toEqual(["plan-comment.yml"]);
  for (const step of named("plan-comment.yml").jobs.comment?.steps ?? []) {
    expect(step.with ?? {}).not.toHaveProperty("ref");
    expect(step.run ?? "").not.toMatch(/npm|npx/);
  }
});

test.each(runs)("$at: nothing is pasted into the script, and long scripts are files", ({ run }) => {
  // Not only github.event: whatever is pasted into a shell's text is code there. Values travel in `env`.
  expect(run).not.toContain("${{");
  expect(run.trim().split("\n").length).toBeLessThanOrEqual(2);
});

test("every script that a workflow calls exists, and can be started", () => {
  const called = runs.flatMap(({ at, run }) =>
    [...run.matchAll(/\.(?:github|ci)\/[\w/.-]+/g)].map(([path]) => ({ at, path })),
  );
  expect(called.length).toBeGreaterThan(0);
  for (const { at, path } of called) {
    expect(existsSync(join(root, path)), `${at}: ${path}`).toBe(true);
    if (!path.endsWith(".mjs")) expect(statSync(join(root, path)).mode & 0o111, path).toBe(0o111);
  }
  const scripts = readdirSync(join(root, ".github/scripts")).filter((name) => name.endsWith(".sh"));
  for (const name of scripts) {
    const text = readFileSync(join(root, ".github/scripts", name), "utf8");
    expect(text.split("\n")[0], name).toBe("#!/usr/bin/env bash");
    expect(text, name).toMatch(/^set -euo pipefail$/m);
  }
});

test("every action is pinned by commit, says its version, and is the same everywhere", () => {
  const pins = workflows.flatMap(({ file, text }) =>
    [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, uses = ""]) => ({ file, uses })),
  );
  expect(pins.length).toBe(steps.filter(({ step }) => step.uses !== undefined).length);
  const seen = new Map<string, string>();
  for (const { file, uses } of pins) {
    expect(uses, file).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const [action = ""] = uses.split("@");
    expect(uses, file).toBe(seen.get(action) ?? uses);
    seen.set(action, uses);
  }
  expect([...seen.keys()].sort()).toEqual([
    "actions/checkout",
    "actions/download-artifact",
    "actions/setup-go",
    "actions/setup-node",
    "actions/upload-artifact",
    "pulumi/actions",
  ]);
});

test("no checkout leaves a token behind for later steps", () => {
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
  expect(checkouts.length).toBeGreaterThan(0);
  for (const { at, step } of checkouts) expect(step.with?.["persist-credentials"], at).toBe(false);
});

test("secrets reach only steps of jobs behind an environment, and never a whole job", () => {
  for (const { file, text } of workflows) {
    expect(text, file).not.toMatch(/secrets: inherit|toJSON\(secrets\)/i);
    for (const [name, job] of Object.entries(named(file).jobs)) {
      const { steps: own, ...rest } = job;
      expect(JSON.stringify(rest), `${file}: ${name}`).not.toContain("secrets.");
      if (JSON.stringify(own).includes("secrets."))
        expect(job.environment, `${file}: ${name}`).toContain("matrix.stack");
    }
  }
});

test("the page about CI names every secret and variable that workflows read, and no other", () => {
  const read = workflows.flatMap(({ text }) =>
    [...text.matchAll(/\b(?:secrets|vars)\.([A-Z_]+)/g)].map(([, name]) => name),
  );
  const table =
    /\n\| name \| kind[\s\S]*?\n\n/.exec(readFileSync(join(root, "docs/ci.md"), "utf8"))?.[0] ?? "";
  const named = table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
  expect([...new Set(read)].sort()).toEqual(named.sort());
});

test("no step makes the stack's outputs, first passwords among them, step outputs", () => {
  const actions = steps.filter(({ step }) => step.uses?.startsWith("pulumi/actions@"));
  expect(actions.length).toBeGreaterThan(1);
  for (const { at, step } of actions) expect(step.with, at).not.toHaveProperty("command");
  const scripts = readdirSync(join(root, ".github/scripts")).filter((name) => name.endsWith(".sh"));
  const commands = scripts.flatMap((name) =>
    [
      ...readFileSync(join(root, ".github/scripts", name), "utf8").matchAll(
        /^ *pulumi (?:up|preview|refresh)\b(?:.*\\\n)*.*/gm,
      ),
    ].map(([line]) => line),
  );
  expect(commands.length).toBeGreaterThan(1);
  for (const line of commands) expect(line).toContain("--suppress-outputs");
});

test("a fork's pull request gets the plan and no preview", () => {
  expect(named("preview.yml").jobs.stacks?.if).toContain(
    "github.event.pull_request.head.repo.full_name == github.repository",
  );
  expect(JSON.stringify(named("plan.yml"))).not.toContain("secrets.");
});

test("a deployment waits for the one before, and is not ended by the next", () => {
  const up = named("deploy.yml").jobs.up;
  expect(up?.concurrency?.group).toMatch(/^deploy-\$\{\{ matrix\.stack \}\}$/);
  expect(up?.concurrency?.["cancel-in-progress"]).toBe(false);
  expect(up?.environment).toMatch(/^\$\{\{ matrix\.stack \}\}$/);
  expect(up).toHaveProperty("strategy.max-parallel", 1);
});

test("what goes on by itself is what was deployed last, and not beside a deployment", () => {
  const { concurrency, jobs } = named("rings.yml");
  const { deployed, "go-on": goOn } = jobs;
  expect(JSON.stringify(deployed)).not.toContain("secrets.");
  expect(goOn?.concurrency).toEqual(named("deploy.yml").jobs.up?.concurrency);
  // Nobody approves it a second time, so it has secrets of its own.
  expect(goOn?.environment).toMatch(/^\$\{\{ matrix\.stack \}\}-rings$/);
  // Of jobs that wait in a group GitHub keeps the newest alone, which must not be the next hour's.
  expect(concurrency).toEqual({ group: "rings", "cancel-in-progress": false });
  const checkouts = goOn?.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkouts?.map((step) => step.with?.ref)).toEqual([
    expect.stringMatching(/^\$\{\{ matrix\.sha \}\}$/),
  ]);
  expect(goOn?.steps.find(({ run }) => run?.includes("rings.sh"))).toHaveProperty(
    "if",
    "steps.last.outputs.still == 'true'",
  );
});

test("CI deploys with the engine that the tests ran with", () => {
  const plugins = readFileSync(join(root, "lab/toolchain/plugins/go.mod"), "utf8");
  const [, tested] = /github\.com\/pulumi\/pulumi\/sdk\/v3 v(\S+)/.exec(plugins) ?? [];
  expect(readFileSync(join(root, ".github/pulumi.version"), "utf8").trim()).toBe(tested);
});
