import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lives } from "../../../harness/containers.ts";
import { changes } from "../../../harness/testFleet.ts";
import { complaints, goOn, type Stage } from "./stage.ts";

const edit = (origin: string) => ({ cors: [`https://${origin}.example`] });
const both = (origin: string) => ({ acme: edit(origin), bigcorp: edit(origin) });

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
}

export function silentCases(stage: Stage): void {
  test("everything on a host is held back by what fails while it is silent", async () => {
    const { deployment } = JSON.parse(await stage.fleet.stack.state()) as {
      deployment: { resources: Resource[] };
    };
    const known = new Map(deployment.resources.map((one) => [one.urn, one]));
    const reach = (name: string) => `command:local:Command::${name}-reach`;
    const isHeldBack = (urn: string): boolean =>
      urn.endsWith("-reach") || (known.get(urn)?.dependencies ?? []).some(isHeldBack);
    const onHosts = deployment.resources.filter(
      ({ type, provider }) => type.startsWith("docker:") || provider?.includes(":command::"),
    );
    expect(onHosts.length).toBeGreaterThan(50);
    expect(onHosts.filter(({ urn }) => !isHeldBack(urn))).toEqual([]);
    expect([...known.keys()].filter((urn) => urn.endsWith(reach("eu-1")))).toHaveLength(1);
  });

  const eu2 = () => stage.fleet.host("eu-2");

  /** The other host's tenant is done, this one's is as it was, and there is one message about it. */
  async function oneIsLeftOut(words: string): Promise<void> {
    const before = await lives(stage.fleet.engine("eu-2"));
    const outputs = await stage.fleet.stack.outputs();
    const run = await goOn(stage);
    const { "eu-2-reach": told, ...others } = complaints(run);
    expect(told).toContain(`host eu-2 (${eu2().sshAddress}) cannot be used: ${words}`);
    expect(told).toContain("Nothing on it was touched: bigcorp stays as it is.");
    expect(Object.keys(others)).toEqual(["olympus-test"]);
    expect(changes(run)).toEqual({
      created: [],
      updated: ["acme-gate-bootstrap", "acme-gate-ready"],
      replaced: ["acme-hydra"],
      deleted: [],
    });
    expect(await lives(stage.fleet.engine("eu-2"))).toEqual(before);
    // Who wants to know addresses and passwords meanwhile finds them.
    expect((await stage.fleet.stack.outputs()).fleet).toEqual(outputs.fleet);
  }

  async function theRestIsDone(): Promise<void> {
    expect(changes(await stage.fleet.up())).toEqual({
      created: [],
      updated: ["bigcorp-gate-bootstrap", "bigcorp-gate-ready"],
      replaced: ["bigcorp-hydra"],
      deleted: [],
    });
    await stage.fleet.up("--expect-no-changes");
  }

  describe("since its cable is pulled", () => {
    beforeAll(async () => {
      await stage.write(both("two"));
      await eu2().unplug();
    });
    afterAll(() => eu2().plug());

    test("a preview works", async () => {
      const { exitCode, output } = await stage.fleet.stack.preview();
      expect(output).toMatch(/\+-2 to replace/);
      expect(exitCode).toBe(0);
    });
    test("up leaves it out, and does the other", () => oneIsLeftOut("it does not answer in time."));
    test("a refresh ends within two minutes, and takes nothing for gone", async () => {
      const start = Date.now();
      const { exitCode, output } = await stage.fleet.stack.refresh({ args: ["--parallel", "64"] });
      expect(exitCode).not.toBe(0);
      expect(output).not.toMatch(/\bdeleted\b/);
      expect((Date.now() - start) / 1000).toBeLessThan(120);
    });
    test("once it is back, up does the rest", async () => {
      await eu2().plug();
      await theRestIsDone();
    });
  });

  describe("since nothing listens there", () => {
    beforeAll(async () => {
      await stage.write(both("three"));
      await eu2().sshd.stop();
      // Open connections go on: without them it is found as by the next shift.
      await stage.forget("eu-2");
    });

    test("up leaves it out, and does the other", () =>
      oneIsLeftOut("nothing listens at port 22 (Connection refused)."));
    test("once it is back, up does the rest", async () => {
      await eu2().sshd.start();
      await theRestIsDone();
    });
  });
  describe("from the middle of a run on", () => {
    const clients = { portal: { redirectUris: ["https://portal.example/callback"] } };
    const hydra = (signal: string) =>
      stage.fleet.engine("eu-2").docker("kill", "--signal", signal, "bigcorp-hydra");
    const site = () =>
      stage.fleet.engine("eu-2").docker("exec", "olympus-caddy", "cat", "/etc/caddy/sites/bigcorp.caddy");
    afterAll(() => eu2().plug());

    test("the run ends with what broke off, and the other host is done", async () => {
      const before = await site();
      await stage.write({ acme: { ...edit("three"), clients }, bigcorp: { ...edit("three"), clients } });
      // The gate waits for Hydra, which gives no answer, and nothing else happens on this host.
      await hydra("STOP");
      const running = goOn(stage);
      const isWaiting = async () => (await eu2().tryRun("pgrep", "-f", "^sh -s create")).exitCode === 0;
      await expect.poll(isWaiting, { timeout: 60_000 }).toBe(true);
      await eu2().unplug();
      const run = await running;
      const told = complaints(run);
      expect(told["bigcorp-gate-bootstrap"]).toContain(
        "host eu-2: the connection could not be had, or broke off, so this may have run in part.\n" +
          "    The next pulumi up runs it again.",
      );
      expect(Object.keys(told).sort()).toEqual(["bigcorp-gate-bootstrap", "olympus-test"]);
      expect(changes(run).replaced).toContain("acme-bootstrap");
      expect(await site()).toBe(before);
    });

    test("once it is back, up finishes, and nothing is left to do", async () => {
      await hydra("CONT");
      await eu2().plug();
      await stage.fleet.up();
      await stage.fleet.up("--expect-no-changes");
    });
  });
}
