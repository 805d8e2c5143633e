import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { managedBy } from "../../../fleet/names.ts";
import { type Part, parts } from "../../../fleet/workloads/workload.ts";
import { containersOf, type Inspected } from "../../harness/containers.ts";
import type { TestFleet } from "../../harness/testFleet.ts";

const steps: readonly Part[] = ["kratos-migrate", "hydra-migrate", "bootstrap"];

/** What docs/security.md says of a container, exceptions included. */
interface Rule {
  readonly user: string;
  readonly capability?: "NET_BIND_SERVICE" | "NET_ADMIN";
  readonly networks: readonly string[];
  /** Undefined: none. */
  readonly pids?: number;
  readonly isStep: boolean;
  readonly mounts: readonly string[];
}

const ofTenant = (tenant: string): [string, Rule][] =>
  parts.map((part) => [
    `${tenant}-${part}`,
    {
      user: part === "postgres" ? "999:999" : "65532:65532",
      networks: part === "kratos" ? [`${tenant}-egress`, `${tenant}-internal`] : [`${tenant}-internal`],
      pids: 200,
      isStep: steps.includes(part),
      mounts: part === "postgres" ? ["volume /var/lib/postgresql/data"] : [],
    },
  ]);

const rules: readonly [string, Rule][] = [
  ...ofTenant("acme"),
  ...ofTenant("bigcorp"),
  [
    "olympus-caddy",
    {
      user: "0:0",
      capability: "NET_BIND_SERVICE",
      networks: ["host"],
      isStep: false,
      mounts: ["volume /data", "volume /etc/caddy"],
    },
  ],
  [
    "olympus-firewall",
    { user: "0:0", capability: "NET_ADMIN", networks: ["host"], isStep: false, mounts: [] },
  ],
];

/** Bits of the kernel's capability masks. */
const capabilityBit = { NET_BIND_SERVICE: 10, NET_ADMIN: 12 } as const;

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
      expect(Labels["olympus-fleet.release"]).toBe("2026.11");
    });
  });

  describe.each(rules.filter(([, { isStep }]) => !isStep))("every process of %s", (name, rule) => {
    test("has these rights in the eyes of the kernel", async () => {
      const processes = await statusOfProcesses(stage(), name);
      expect(processes.length).toBeGreaterThan(0);
      const mask = rule.capability ? 2 ** capabilityBit[rule.capability] : 0;
      const [uid = ""] = rule.user.split(":");
      for (const status of processes) {
        expect(status).toMatchObject({ NoNewPrivs: "1", Seccomp: "2", CapAmb: "0000000000000000" });
        for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd"]) {
          // The engine gives root its added capabilities, and nobody else any.
          expect(Number.parseInt(status[set] ?? "", 16) & ~mask, set).toBe(0);
        }
        expect(status.Uid?.split("\t")).toEqual([uid, uid, uid, uid]);
      }
    });
  });
}

/** /proc/PID/status of each process of a container, as the machine sees it. */
async function statusOfProcesses(fleet: TestFleet, container: string): Promise<Record<string, string>[]> {
  const [, ...rows] = (await fleet.docker("top", container, "-eo", "pid")).split("\n");
  const read = async (pid: string) => {
    // A health check may have ended meanwhile.
    const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    return Object.fromEntries(text.split("\n").map((line) => line.split(":\t", 2)));
  };
  const all = await Promise.all(rows.map((pid) => read(pid.trim())));
  return all.filter(({ Uid }) => Uid !== undefined);
}
