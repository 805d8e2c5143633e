import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { firewallContainer } from "../../../backends/docker/names.ts";
import { hostRules, inputRule, secondsUntilRuled, withoutInputRule } from "../../harness/hostRules.ts";
import type { TestFleet } from "../../harness/testFleet.ts";

export function inputRuleCases(stage: () => TestFleet): void {
  const rules = () => hostRules(stage().dockerHost, stage().images.firewall);
  const inFirewall = (...command: string[]) => stage().docker("exec", firewallContainer, ...command);

  test("the rule on INPUT is there, and said to be", async () => {
    expect(await rules()).toContain(inputRule);
    expect((await stage().stack.outputs()).inputRules).toEqual({ local: "applied" });
  });

  test("the range where clouds hand out credentials is closed to tenants", async () => {
    expect(await rules()).toContain("-A OLYMPUS-FORWARD -d 169.254.0.0/16 -i oly-+ -j DROP");
  });

  test("somebody deletes it by hand: it is back within the second of its watch", async () => {
    await inFirewall(...withoutInputRule);
    // What a busy machine takes to look, and to start the container that looks for the test.
    expect(await secondsUntilRuled(stage().dockerHost, stage().images.firewall, 20)).toBeLessThan(10);
  });

  describe("where it cannot be set, since the image has no iptables,", () => {
    const file = () => join(stage().folder, "releases.yaml");
    let sound: string;

    beforeAll(async () => {
      sound = await readFile(file(), "utf8");
      const releases = parse(sound) as { hostImages: { caddy: string; firewall: string } };
      releases.hostImages.firewall = releases.hostImages.caddy;
      await writeFile(file(), stringify(releases));
    });
    afterAll(async () => {
      await writeFile(file(), sound);
      await stage().configureHost({ inputRule: "require" });
      await stage().up();
      expect((await stage().stack.outputs()).inputRules).toEqual({ local: "applied" });
    });

    test("a host that wants to be told is told, with the reason", async () => {
      await stage().configureHost({ inputRule: "report" });
      await stage().up();
      expect((await stage().stack.outputs()).inputRules.local).toMatch(
        /^not applied: olympus-firewall: does not stay up: .*Its last log lines:.*iptables-restore: not found/s,
      );
    });

    test("a host that requires it is an error", async () => {
      await stage().configureHost({ inputRule: "require" });
      const { exitCode, output } = await stage().stack.up();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /local-firewall-gate.*olympus-firewall: does not stay up.*iptables-restore: not found/s,
      );
    });
  });
}
