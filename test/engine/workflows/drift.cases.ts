import { expect, test } from "vitest";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { EngineClient } from "../../harness/engineClient.ts";
import { started } from "./events.ts";
import { type Stage, stackName } from "./stage.ts";

/** drift.yml: one issue per stack whose hosts are no longer as its last deployment has left them. */
export function driftCases(stage: () => Stage): void {
  const look = async (secrets = stage().secrets) => {
    const on = await stage().repository.main();
    const { jobs } = await stage().run({
      ...{ workflow: "drift.yml", event: "schedule", payload: started, on },
      secrets,
    });
    const { [`Look at ${stackName}`]: look, ...others } = jobs;
    expect(others).toEqual({ Stacks: "success", Issues: "success" });
    return look;
  };
  const inCaddy = (script: string) =>
    new EngineClient(stage().host.dockerHost).docker("exec", caddyContainer, "sh", "-c", script);
  const site = "/etc/caddy/sites/acme.caddy";

  test("is quiet while nothing differs", async () => {
    expect(await look()).toBe("success");
    expect(stage().gitHub.issues).toEqual([]);
  });

  test("opens an issue about an edit by hand", async () => {
    await inCaddy(`cp ${site} /tmp/site && echo '# by hand' >> ${site}`);
    expect(await look()).toBe("success");
    const [issue, ...others] = stage().gitHub.issues;
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      title: "Drift: stack eu",
      state: "open",
      labels: [{ name: "fleet-drift" }],
    });
    expect(issue?.body).toContain("Something was changed by hand since the last deployment.");
    expect(issue?.body).toContain("acme\n  Caddy's sites/acme.caddy was edited by hand\n");
    expect(issue?.body).toContain("pulumi up --refresh --stack eu");
  });

  test("says in the same issue that it could not look", async () => {
    expect(await look({ ...stage().secrets, FLEET_SSH_KEY: "" })).toBe("failure");
    const [issue, ...others] = stage().gitHub.issues;
    expect(others).toEqual([]);
    expect(issue?.body).toContain("The stack could not be compared with its hosts, or not all of it.");
  });

  test("closes it when it is over", async () => {
    await inCaddy(`cat /tmp/site > ${site}`);
    expect(await look()).toBe("success");
    const [issue, ...others] = stage().gitHub.issues;
    expect(others).toEqual([]);
    expect(issue?.state).toBe("closed");
    expect(stage().gitHub.comments.find(({ number }) => number === issue?.number)?.body).toMatch(
      /^It is over: https:\/\/github\.com\/we\/fleet\/actions\/runs\/\d+$/,
    );
  });
}
