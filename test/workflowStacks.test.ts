import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ScriptBox } from "./harness/scriptBox.ts";

/** The scripts of the workflows that reach stacks: preview.yml, deploy.yml and drift.yml. */

const box = new ScriptBox();

describe("stacks.sh", () => {
  test("lists the stacks with a file of their own, but the laptop's", () => {
    for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "Pulumi.eu.west.yaml"])
      box.write(name, "");
    expect(box.run("stacks.sh").stdout).toBe("eu.west\nprod\n");
    expect(box.run("stacks.sh", ["--output"]).status).toBe(0);
    expect(box.read("output")).toBe('stacks=["eu.west","prod"]\n');
  });

  test("leaves out examples, which are nobody's", () => {
    box.write("Pulumi.prod.yaml", "config:\n  olympus:domain: id.example.com\n");
    box.write("Pulumi.quoted.yaml", "config:\n  'olympus:domain': 'id.example.com' # yours here\n");
    box.write("Pulumi.eu.yaml", "config:\n  olympus:domain: id.bigcorp.com # was id.example.com\n");
    expect(box.run("stacks.sh").stdout).toBe("eu\n");
  });

  test("says that there is none", () => {
    box.write("Pulumi.dev.yaml", "");
    expect(box.run("stacks.sh").stdout).toBe("");
    box.run("stacks.sh", ["--output"]);
    expect(box.read("output")).toBe("stacks=[]\n");
  });

  test("refuses a name that would be more than a name", () => {
    box.write('Pulumi.$(id)".yaml', "");
    const { status, stderr } = box.run("stacks.sh", ["--output"]);
    expect(status).toBe(1);
    expect(stderr).toContain("is not a stack name");
    expect(box.has("output")).toBe(false);
  });
});

describe("stackHosts.mjs", () => {
  const local = "config: { olympus:hosts: { eu-1: { address: unix:///var/run/docker.sock } } }";

  test("stops a stack that GitHub's machine would take for its own", () => {
    box.write("Pulumi.prod.yaml", local);
    const { status, stderr } = box.run("stackHosts.mjs", [], {
      STACK: "prod",
      RUNNER_ENVIRONMENT: "github-hosted",
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      "Pulumi.prod.yaml: eu-1: the address is a socket of the machine that runs this, which is GitHub's own. " +
        "Run the job on the host: make it a self-hosted runner, and name its label in the repository variable " +
        'FLEET_RUNNERS, {"prod": "<label>"}. Or write an ssh:// address.',
    );
  });

  test.each([
    ["a host that runs the job itself", local, "self-hosted"],
    ["a host over SSH", "config: { olympus:hosts: { eu-1: { address: ssh://root@eu-1 } } }", "github-hosted"],
  ])("lets %s pass", (_, config, runner) => {
    box.write("Pulumi.prod.yaml", config);
    expect(box.run("stackHosts.mjs", [], { STACK: "prod", RUNNER_ENVIRONMENT: runner }).status).toBe(0);
  });
});

describe("up.sh", () => {
  test("deploys the stack without showing its outputs, and fails with the engine", () => {
    box.stub("pulumi", [{ to: "up --stack we/prod --yes", exit: 255 }]);
    expect(box.run("up.sh", [], { STACK: "we/prod" }).status).toBe(255);
    expect(box.calls("pulumi")[0]?.args).toContain("--suppress-outputs");
  });
});

describe("drift.sh", () => {
  test.each([
    ["clean", 0, { says: "Stack prod: as the last `pulumi up` has left it\n" }],
    ["drift", 0, { says: "Stack prod: no longer as the last `pulumi up` has left it\n\nacme\n", exit: 1 }],
    ["failed", 1, { says: "Stack prod: no drift found, but not everything could be looked at\n", exit: 4 }],
    ["failed", 1, { says: "TypeError: of ours\n", exit: 1 }],
  ])("tells %s", (verdict, status, answer) => {
    box.stub("npm", [{ to: "run --silent fleet -- drift --stack prod", ...answer }]);
    expect(box.run("drift.sh", ["drift"], { STACK: "prod" }).status).toBe(status);
    expect(box.read("drift/verdict")).toBe(`${verdict}\n`);
    expect(box.read("drift/output.txt")).toBe(answer.says);
  });
});

describe("stackIssue.mjs, of drift", () => {
  const env = {
    STACKS: '["prod"]',
    RUN_URL: "https://example.test/run",
    GITHUB_REPOSITORY: "we/fleet",
  };
  const at = "repos/we/fleet/issues";
  const open = [
    { number: 4, title: "Drift: stack eu" },
    { number: 5, title: "Drift: stack prod" },
  ];
  const gitHub = (issues: unknown, labels: unknown = [{ name: "fleet-drift" }]) =>
    box.stub("gh", [
      { to: "--method" },
      { to: "api repos/we/fleet/labels?per_page=100&page=1", says: labels },
      { to: `api ${at}?labels=fleet-drift&state=open&per_page=100&page=1`, says: issues },
    ]);
  const done = () =>
    box
      .calls("gh")
      .filter(({ args }) => args.includes("--method"))
      .map(({ args, input }) => ({
        what: args.replace("api --method ", "").replace(" --input -", ""),
        ...JSON.parse(input),
      }));
  const found = (verdict: string, output: string) => {
    box.write("drift/drift-prod/verdict", `${verdict}\n`);
    box.write("drift/drift-prod/output.txt", output);
  };

  test("opens an issue with the output", () => {
    gitHub(open.slice(0, 1));
    found("drift", "~ image of acme-hera\n");
    expect(box.run("stackIssue.mjs", ["drift", "drift"], env)).toMatchObject({ status: 0, stderr: "" });
    const [issue, ...others] = done();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      what: `POST ${at}`,
      title: "Drift: stack prod",
      labels: ["fleet-drift"],
    });
    expect(issue.body).toContain("Something was changed by hand");
    expect(issue.body).toContain("```text\n~ image of acme-hera\n```");
  });

  test("makes the label where there is none", () => {
    gitHub([], [{ name: "bug" }]);
    found("clean", "");
    box.run("stackIssue.mjs", ["drift", "drift"], env);
    expect(done()).toEqual([
      {
        what: "POST repos/we/fleet/labels",
        name: "fleet-drift",
        color: "d93f0b",
        description: "Changed by hand since the last deployment",
      },
    ]);
  });

  test("updates the one that is open", () => {
    gitHub(open);
    found("failed", `${"x".repeat(70_000)}\nthe end\n`);
    box.run("stackIssue.mjs", ["drift", "drift"], env);
    const [issue, ...others] = done();
    expect(others).toEqual([]);
    expect(issue.what).toBe(`PATCH ${at}/5`);
    expect(issue.body.length).toBeLessThan(65_536);
    expect(issue.body).toContain("could not be compared");
    expect(issue.body).toContain("the end");
  });

  test("closes it when nothing is found any more", () => {
    gitHub(open);
    found("clean", "");
    box.run("stackIssue.mjs", ["drift", "drift"], env);
    expect(done()).toEqual([
      { what: `POST ${at}/5/comments`, body: "It is over: https://example.test/run" },
      { what: `PATCH ${at}/5`, state: "closed" },
    ]);
  });

  test("leaves a stack alone that has neither drift nor an issue", () => {
    gitHub([]);
    found("clean", "");
    box.run("stackIssue.mjs", ["drift", "drift"], env);
    expect(done()).toEqual([]);
  });

  test("a look that never came about is a failure", () => {
    gitHub([]);
    box.run("stackIssue.mjs", ["drift", "drift"], env);
    expect(done()[0]?.body).toContain("the job ended before it looked");
  });
});

describe("sshAgent.sh", () => {
  test("hands the key to the agent and to no file", () => {
    box.stub("ssh-agent", [
      { to: "-a", says: "SSH_AUTH_SOCK=x; export SSH_AUTH_SOCK;\nSSH_AGENT_PID=4242; export …\n" },
    ]);
    box.stub("ssh-add", [{ to: "-q -" }]);
    expect(box.run("sshAgent.sh", ["start"], { FLEET_SSH_KEY: "the key" }).status).toBe(0);
    expect(box.calls("ssh-add")).toEqual([{ args: "-q -", input: "the key\n" }]);
    expect(box.read("env")).toBe(`SSH_AUTH_SOCK=${box.path}/fleet-agent.sock\n`);
    expect(box.read("fleet-agent.pid")).toBe("4242\n");
  });

  test("leaves no connection behind that the next job could use without a key", async () => {
    const connection = join(box.path, ".olympus/here/olympus-eu-1/1");
    mkdirSync(dirname(connection), { recursive: true });
    const listening = createServer().listen(connection);
    await once(listening, "listening");
    box.stub("ssh", [{ to: "-O stop" }]);
    expect(box.run("sshAgent.sh", ["stop"], { HOME: box.path }).status).toBe(0);
    listening.close();
    expect(box.calls("ssh").map(({ args }) => args)).toEqual([
      `-O stop -o ControlPath=${connection} olympus`,
    ]);
  });

  test("does nothing without a key, before or after", () => {
    expect(box.run("sshAgent.sh", ["start"], { FLEET_SSH_KEY: "" }).status).toBe(0);
    expect(box.run("sshAgent.sh", ["stop"]).status).toBe(0);
    expect(box.has("env")).toBe(false);
  });
});
