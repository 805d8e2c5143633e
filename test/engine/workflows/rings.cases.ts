import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { registryDir } from "../../../lab/docker/registry.ts";
import { variantOf } from "../../../lab/images/publish.ts";
import { EngineClient } from "../../harness/engineClient.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { pushed, started } from "./events.ts";
import { type Run, type Stage, stackName } from "./stage.ts";

/** rings.yml: a release that waits goes on by itself, with what was deployed last. */
export function ringsCases(stage: () => Stage): void {
  // The plan has no clock but the machine's, so the window is one that is closed whenever this runs.
  const window = { from: "2099-06-06T22:00", to: "2099-06-07T04:00", timeZone: "Europe/Berlin" };
  const opens = "2099-06-06 20:00 UTC";
  const night = "2099-06-06T20:17:00Z";

  const hour = async (secrets = stage().secrets): Promise<Run> => {
    const on = await stage().repository.main();
    return stage().run({
      workflow: "rings.yml",
      event: "schedule",
      payload: started,
      on,
      secrets,
      now: night,
    });
  };
  /** By the image of Hydra, in which they differ. */
  const release = async () => {
    const engine = new EngineClient(stage().host.dockerHost);
    const image = (await engine.docker("inspect", "--format", "{{.Config.Image}}", "acme-hydra")).trim();
    const { releases } = parse(await readFile(join(stage().repository.clone, "releases.yaml"), "utf8"));
    return Object.keys(releases).find((name) => releases[name].images.hydra === image);
  };
  const waits = async () => {
    const { stable } = JSON.parse(await stage().pulumi("stack", "output", "rings", "--json"));
    return stable.waits;
  };
  const ringIssues = () => stage().gitHub.issues.filter(({ title }) => title === "Rings: stack eu");
  const jobs = (goOn: "success" | "failure") => ({
    "What is deployed": "success",
    [`Go on with ${stackName}`]: goOn,
    Issues: "success",
  });

  test("who approves a release reads its way through the rings; deployed before its window, it waits", async () => {
    const releases = parse(await readFile(join(stage().repository.clone, "releases.yaml"), "utf8"));
    const { images, ...usual } = releases.releases["2026.11"];
    const Labels = { release: "2026.12" };
    const hydra = await variantOf(registryDir, images.hydra, "workflows-2026.12", { Labels });
    releases.releases["2026.12"] = { ...usual, images: { ...images, hydra } };
    const tenants = { acme: { release: "2026.12" } };
    const on = await stage().repository.push({
      "releases.yaml": stringify(releases, { aliasDuplicateObjects: false }),
      "tenants.yaml": JSON.stringify({ ...JSON.parse(fleetFile(tenants)), rings: { stable: { window } } }),
    });
    const run = { workflow: "deploy.yml", event: "push", payload: pushed(on), on };
    const { jobs, log } = await stage().run(run);
    expect(jobs).toEqual({ "Offline plan": "success", [`Deploy ${stackName}`]: "success" });
    expect(log).toContain(`2026.12 reaches stable (acme), in its window, not before ${opens}`);
    expect(await release()).toBe("2026.11");
    expect(await waits()).toEqual([
      { release: "2026.12", tenants: ["acme"], for: [`its window opens ${opens}`] },
    ]);
  });

  test("an hour that cannot go on is an issue", async () => {
    // Main goes on meanwhile with what cannot even be planned: no hour may run it.
    await stage().repository.push({ "tenants.yaml": fleetFile({ acme: { size: "smal" } }) });
    const run = await hour({ ...stage().secrets, PULUMI_CONFIG_PASSPHRASE: "of another stack" });
    expect(run.jobs).toEqual(jobs("failure"));
    expect(await run.artefact(`rings-${stackName}/verdict`)).toBe("failed\n");
    const [issue, ...others] = ringIssues();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ state: "open", labels: [{ name: "fleet-rings" }] });
    expect(issue?.body).toContain("incorrect passphrase");
    expect(await release()).toBe("2026.11");
  });

  test("the next one goes on with what was deployed last, not with main, and closes the issue", async () => {
    const run = await hour();
    expect(run.jobs).toEqual(jobs("success"));
    expect(await run.artefact(`rings-${stackName}/verdict`)).toBe("went-on\n");
    expect(await release()).toBe("2026.12");
    expect(await waits()).toEqual([]);
    expect(ringIssues()).toMatchObject([{ state: "closed" }]);
  });

  test("then nothing waits, and nothing is started", async () => {
    const run = await hour();
    expect(run.jobs).toEqual(jobs("success"));
    expect(await run.artefact(`rings-${stackName}/verdict`)).toBe("quiet\n");
    expect(await run.artefact(`rings-${stackName}/output.txt`)).toBe("Nothing waits.\n");
  });

  test("a change that waits for approval does not get in with an hour", async () => {
    const { sha } = await stage().repository.main();
    stage().gitHub.deployments.push({ environment: stackName, sha, state: "waiting" });
    const { jobs, log } = await hour();
    expect(jobs).toEqual({ "What is deployed": "success", Issues: "success" });
    expect(log).toContain(`Stack eu: The last deployment, of commit ${sha}, is not over (waiting).`);
    expect(ringIssues()).toHaveLength(1);
  });
}
