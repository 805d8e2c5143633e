import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { EngineClient } from "../../harness/engineClient.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { Visitor } from "../../harness/visitor.ts";
import { ownRunner } from "./act.ts";
import { pushed, started } from "./events.ts";
import { type Stage, stackName, tenants } from "./stage.ts";

/** deploy.yml: `pulumi up` after a merge, once the offline plan says that there is one. */
export function deployCases(stage: () => Stage): void {
  const push = async (tenants: object) => {
    const on = await stage().repository.push({ "tenants.yaml": fleetFile({ ...tenants }) });
    const vars = { ...stage().vars, FLEET_RUNNERS: JSON.stringify({ [stackName]: ownRunner }) };
    return stage().run({ workflow: "deploy.yml", event: "push", payload: pushed(on), on, vars });
  };
  const engine = () => new EngineClient(stage().host.dockerHost);
  const containers = async () =>
    (await engine().docker("ps", "--format", "{{.Names}}"))
      .split("\n")
      .filter((name) => name.startsWith("acme-"));

  test("a main that cannot be planned is not deployed", async () => {
    const { jobs, log } = await push({ acme: { size: "smal" } });
    expect(jobs).toEqual({ "Offline plan": "failure" });
    expect(log).toContain('tenants.acme.size: "smal"');
    expect(await containers()).toEqual([]);
  });

  test("nor is a branch, by hand", async () => {
    const on = await stage().repository.branch("experiment", { "tenants.yaml": fleetFile(tenants) });
    const run = { workflow: "deploy.yml", event: "workflow_dispatch", payload: started, on };
    expect((await stage().run(run)).jobs).toEqual({ "Offline plan": "success" });
    expect(await containers()).toEqual([]);
  });

  test("a sound main is, on the stack's own runner, and nothing that its tenants keep to themselves is shown", async () => {
    const { jobs, log } = await push(tenants);
    expect(jobs).toEqual({ "Offline plan": "success", [`Deploy ${stackName}`]: "success" });
    // What a reviewer of the environment reads first.
    expect(log).toContain("Summary - ## Stack eu");
    expect(await containers()).toHaveLength(5);
    const visitor = await Visitor.of(engine(), stage().host.address);
    expect((await visitor.call("https://acme.olympus.test/login")).status).toBe(200);
    const { fleet } = JSON.parse(await stage().pulumi("stack", "output", "--json", "--show-secrets"));
    const { initialPassword } = fleet.acme.administrator;
    expect(initialPassword.length).toBeGreaterThan(10);
    expect(log).not.toContain(initialPassword);
    stage().hush(initialPassword);
  });

  test("the key's agent has ended with the job", async () => {
    const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const commands = await Promise.all(
      processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
    );
    expect(commands.filter((command) => command.includes(stage().folder))).toEqual([]);
  });
}
