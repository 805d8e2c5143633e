import { beforeAll, describe, expect, test } from "vitest";
import { managedBy } from "../../../fleet/names.ts";
import { containersOf, type Inspected } from "../../harness/containers.ts";
import type { TestFleet } from "../../harness/testFleet.ts";
import { containerRules } from "./rules.ts";

const rules = containerRules(16);

export function containerCases(stage: () => TestFleet): void {
  let containers: ReadonlyMap<string, Inspected>;
  const container = (name: string): Inspected => {
    const found = containers.get(name);
    if (!found) throw new Error(`no container ${name}`);
    return found;
  };
  beforeAll(async () => {
    containers = await containersOf(stage());
  });

  test("the fleet is these containers", () => {
    expect([...containers.keys()].sort()).toEqual(rules.map(([name]) => name).sort());
  });

  describe.each(rules)("%s", (name, rule) => {
    test("runs with the rights that the table gives it", () => {
      const { Config, HostConfig } = container(name);
      const added = (HostConfig.CapAdd ?? []).map((capability) => capability.replace(/^CAP_/, ""));
      expect({ ...HostConfig, CapAdd: added }).toMatchObject({
        CapDrop: ["ALL"],
        CapAdd: rule.capability ? [rule.capability] : [],
        Privileged: false,
        ReadonlyRootfs: true,
        IpcMode: "private",
        PidMode: "",
        UTSMode: "",
        UsernsMode: "",
      });
      // Nothing else: seccomp=unconfined would stand here too.
      expect(HostConfig.SecurityOpt).toEqual(["no-new-privileges:true"]);
      expect(HostConfig.Devices ?? []).toEqual([]);
      expect(Config.User).toBe(rule.user);
    });

    test("reaches its own networks and publishes nothing", () => {
      const { HostConfig, NetworkSettings } = container(name);
      expect(Object.keys(NetworkSettings.Networks).sort()).toEqual(rule.networks);
      expect(HostConfig.PortBindings ?? {}).toEqual({});
      expect(Object.values(NetworkSettings.Ports ?? {}).filter((bound) => bound !== null)).toEqual([]);
    });

    test("sees no folder of the host, and executes nothing that it has written", () => {
      const { HostConfig, Mounts } = container(name);
      expect(HostConfig.Binds ?? []).toEqual([]);
      expect(Mounts.map(({ Type, Destination }) => `${Type} ${Destination}`).sort()).toEqual(rule.mounts);
      expect(Object.keys(HostConfig.Tmpfs ?? {})).not.toEqual([]);
      for (const [path, options] of Object.entries(HostConfig.Tmpfs ?? {})) {
        expect(options.split(","), path).toEqual(expect.arrayContaining(["noexec", "nosuid", "nodev"]));
        expect(options, path).toMatch(/size=\d+m/);
      }
    });

    test("takes no more of the machine than it was given", () => {
      const { HostConfig } = container(name);
      expect(HostConfig.Memory).toBeGreaterThan(0);
      expect(HostConfig.MemorySwap).toBe(HostConfig.Memory);
      expect(HostConfig.CpuShares).toBeGreaterThan(0);
      expect(HostConfig.PidsLimit ?? undefined).toBe(rule.pids);
      expect(HostConfig.LogConfig).toEqual({
        Type: "json-file",
        Config: { "max-size": "10m", "max-file": "3" },
      });
    });

    test(rule.isStep ? "ran once, to the end" : "stays up, and is asked how it is", () => {
      const { Config, HostConfig, State } = container(name);
      expect(HostConfig.RestartPolicy.Name).toBe(rule.isStep ? "no" : "always");
      expect(State.Status).toBe(rule.isStep ? "exited" : "running");
      if (rule.isStep) expect(State.ExitCode).toBe(0);
      else expect(Config.Healthcheck?.Test[0]).toMatch(/^CMD(-SHELL)?$/);
    });

    test("bears its labels", () => {
      const { Labels } = container(name).Config;
      expect(Labels["olympus-fleet.managed-by"]).toBe(managedBy);
      const [owner = "", ...service] = name.split("-");
      expect(Labels["olympus-fleet.service"]).toBe(service.join("-"));
      if (owner === "olympus") return;
      expect(Labels["olympus-fleet.tenant"]).toBe(owner);
    });
  });
}
