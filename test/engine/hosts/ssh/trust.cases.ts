import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fingerprint } from "../../../../hosts/ssh/hostKey.ts";
import { lives } from "../../../harness/containers.ts";
import { ConnectionLog, closeConnections, sshHost } from "../../../harness/sshConnections.ts";
import { changes } from "../../../harness/testFleet.ts";
import { complaints, goOn, type Stage } from "./stage.ts";

/** An edit that replaces Hydra. */
const edit = (origin: string) => ({ cors: [`https://${origin}.example`] });

export function trustCases(stage: Stage): void {
  const eu1 = () => stage.fleet.host("eu-1");
  const another = () => stage.fleet.host("eu-2").hostKey;

  describe("another key than the pinned one", () => {
    let before: Record<string, string>;
    beforeAll(async () => {
      before = await lives(stage.fleet.engine("eu-1"));
      await stage.fleet.configureHost("eu-1", { hostKey: another() });
      await stage.write({ acme: edit("one"), bigcorp: edit("one") });
    });
    afterAll(async () => {
      await stage.fleet.configureHost("eu-1", { hostKey: eu1().hostKey });
      await stage.fleet.up();
    });

    test("ends the run for this host with both fingerprints, though a connection to it is open", async () => {
      const log = await ConnectionLog.of(eu1());
      const run = await goOn(stage);
      const { "eu-1-reach": told, ...others } = complaints(run);
      expect(told).toContain(
        `it shows another key than olympus:hosts.eu-1.hostKey: ED25519 ${fingerprint(eu1().hostKey)} in place of ` +
          `${fingerprint(another())}. Nobody signed in.`,
      );
      expect(told).toContain("Nothing on it was touched: acme stays as it is.");
      expect(Object.keys(others)).toEqual(["olympus-test"]);
      expect((await log.news()).accepted).toBe(0);
      expect(await lives(stage.fleet.engine("eu-1"))).toEqual(before);
      expect(changes(run).replaced).toEqual(["bigcorp-hydra"]);
    });

    test("stops the Docker provider just so, and nothing is taken for gone", async () => {
      const state = await stage.fleet.stack.state();
      const { hostKey } = eu1();
      // As in a state that was written with that key: what tells connections apart differs, too.
      await stage.fleet.stack.importState(
        state.replaceAll(hostKey, another()).replaceAll(/(HostKeyAlias=olympus-)/g, "$1x"),
      );
      const { exitCode, output } = await stage.fleet.stack.refresh({ args: ["--parallel", "64"] });
      await stage.fleet.stack.importState(state);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/Host key verification failed|Not tried again/);
      expect(output).not.toMatch(/\bdeleted\b/);
    });
  });

  describe("an agent in place of a key file", () => {
    const before = process.env.SSH_AUTH_SOCK;
    beforeAll(() => stage.fleet.configureHost("eu-1", { identityFile: undefined }));
    afterAll(async () => {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
      await closeConnections(sshHost(eu1()));
      await stage.fleet.configureHost("eu-1", { identityFile: stage.fleet.site.identityFile });
      await stage.fleet.up();
    });

    test("without a key the host lets nobody in, and what to do is told", async () => {
      delete process.env.SSH_AUTH_SOCK;
      const { "eu-1-reach": told } = complaints(await goOn(stage));
      expect(told).toContain(
        "Permission denied (publickey,password): root may not sign in with a key of yours.",
      );
      expect(told).toContain(
        "Give your key to the agent (ssh-add), or name it in olympus:hosts.eu-1.identityFile.",
      );
    });

    test("signs in", async () => {
      const agent = await stage.fleet.site.agent();
      process.env.SSH_AUTH_SOCK = agent.socket;
      const log = await ConnectionLog.of(eu1());
      await stage.fleet.up();
      expect((await log.news()).accepted).toBeGreaterThan(0);
      await stage.fleet.up("--expect-no-changes");
      await agent.stop();
    });
  });
}
