import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { config, host as dockerHost, tenant } from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

const container = "docker:index/container:Container";

interface Label {
  readonly label: string;
  readonly value: string;
}

let made: Made[];
const inputsOf = (name: string) => made.find((one) => one.name === name)?.inputs ?? {};
const declared = (name: string) =>
  (inputsOf(name).labels as Label[]).find(({ label }) => label === "olympus-fleet.declared")?.value;

beforeAll(async () => {
  made = await startMocks();
  const { Host } = await import("../../components/docker/host/host.ts");
  const { TenantStack } = await import("../../components/docker/tenant/tenantStack.ts");
  const hostConfig = { ...dockerHost, engine: "podman" as const };
  const host = new Host("local", { config: hostConfig, tls: config.tls, images: config.hostImages });
  for (const name of ["acme", "bigcorp"]) {
    const plan = plannedTenant(tenant(name), hostConfig, config);
    new TenantStack(name, {
      plan,
      host,
      stackSecret: (key) => pulumi.secret(`stack-secret-${key}`),
      protectData: true,
    });
  }
  await settled();
});

const containers = () => made.filter(({ type }) => type === container);

describe("on a Podman host", () => {
  test("no container says more about privileges than Podman would repeat", () => {
    expect(containers().length).toBeGreaterThan(10);
    for (const { inputs } of containers()) expect(inputs.securityOpts).toEqual(["no-new-privileges"]);
  });

  test("what is writable executes nothing, has a size, and is given no owner", () => {
    for (const { name, inputs } of containers()) {
      const tmpfs = inputs.tmpfs as Record<string, string>;
      expect(Object.keys(tmpfs), name).toEqual(expect.arrayContaining(["/run", "/tmp", "/var/tmp"]));
      for (const options of Object.values(tmpfs)) {
        expect(options, name).toMatch(/^rw,noexec,nosuid,nodev,size=\d+m/);
        expect(options, name).not.toMatch(/[ug]id=/);
      }
    }
  });

  test("a tenant's containers know each other's addresses, and the host's know none", () => {
    const hosts = inputsOf("acme-hera").hosts as { host: string; ip: string }[];
    expect(hosts.map(({ host }) => host)).toEqual(expect.arrayContaining(["postgres", "kratos", "hydra"]));
    expect(hosts.map(({ ip }) => ip)).not.toContain(
      (inputsOf("bigcorp-hera").hosts as { ip: string }[])[0]?.ip,
    );
    expect(inputsOf("local-caddy").hosts ?? []).toEqual([]);
  });

  test("a fingerprint stands for what Podman reports otherwise: the same for the same, and no other's", () => {
    expect(declared("acme-hera")).toMatch(/^[0-9a-f]{16}$/);
    expect(declared("acme-hera")).toBe(declared("bigcorp-hera"));
    expect(declared("acme-hera")).not.toBe(declared("acme-postgres"));
    expect(declared("local-caddy")).not.toBe(declared("local-firewall"));
  });

  test("scripts speak to Podman by its own command", () => {
    const scripts = made.filter(({ type }) => type === "command:local:Command");
    expect(scripts.length).toBeGreaterThan(5);
    for (const { name, inputs } of scripts) {
      expect(inputs.stdin, name).toMatch(
        /^docker\(\) \{ \$\{instead-\} podman --url "\$\{DOCKER_HOST:-unix:\/\/\/run\/podman\/podman\.sock\}" "\$@"; \}\n/m,
      );
    }
  });

  test("the firewall has Podman's rules", () => {
    expect(JSON.stringify(inputsOf("local-firewall").command)).toContain("oly-e+ -p udp --dport 53");
  });
});
