import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { Host as HostConfig } from "../../fleet/model.ts";
import { config, host as hostConfig, tenant } from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const ssh = { user: "deploy", hostName: "eu-1.example.com", port: 22, hostKey: key };
const eu1: HostConfig = { ...hostConfig, name: "eu-1", address: "ssh://deploy@eu-1.example.com", ssh };
const command = "command:local:Command";

/** What a host and a tenant on it register. */
async function declared(fault?: string): Promise<Made[]> {
  const made = await startMocks();
  const { Host } = await import("../../components/docker/host/host.ts");
  const { TenantStack } = await import("../../components/docker/tenant/tenantStack.ts");
  const host = new Host("eu-1", { config: eu1, tls: config.tls, images: config.hostImages, fault });
  new TenantStack("acme", {
    plan: plannedTenant(tenant("acme", { host: "eu-1" }), eu1, config),
    host,
    stackSecret: () => pulumi.secret("x"),
    protectData: true,
  });
  await settled();
  return made;
}

const named = (made: readonly Made[], name: string) => made.find((one) => one.name === name);

describe("a host over SSH", () => {
  let made: Made[];
  beforeAll(async () => {
    made = await declared();
  });

  test("has one provider, which signs in as scripts do and looks for the engine first", () => {
    const providers = made.filter(({ type }) => type === "pulumi:providers:docker");
    expect(providers.map(({ name }) => name)).toEqual(["eu-1"]);
    const { host, sshOpts, disableDockerDaemonCheck } = providers[0]?.inputs ?? {};
    expect(host).toBe("ssh://deploy@eu-1.example.com:22/var/run/docker.sock");
    expect(JSON.parse(String(sshOpts))).toContain(`KnownHostsCommand=/usr/bin/env echo %H ${key}`);
    expect(disableDockerDaemonCheck).toBeUndefined();
  });

  test("gets scripts by stdin, whole, from a command line without anything of theirs", () => {
    const scripts = made.filter(({ type, name }) => type === command && !name.endsWith("-reach"));
    expect(scripts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["eu-1-caddyfile", "eu-1-firewall-gate", "acme-gate-migrate", "acme-vhost"]),
    );
    for (const { inputs } of scripts) {
      expect(inputs.create).toMatch(/^sh hosts\/ssh\/onHost\.sh create( backends\/docker\/gate\/\w+\.sh)*$/);
      expect(inputs.stdin).toMatch(/^export DOCKER_HOST=unix:\/\/\/var\/run\/docker\.sock\n\{\n.*\n\}\n$/s);
      expect(Object.keys(inputs.environment as object).sort()).toEqual(["OLYMPUS_HOST", "OLYMPUS_SSH"]);
    }
    expect(named(made, "acme-vhost")?.inputs.delete).toBe("sh hosts/ssh/onHost.sh delete");
  });

  test("costs a tenant no resource, and itself one, which removes nothing", () => {
    const { create, stdin } = named(made, "eu-1-reach")?.inputs ?? {};
    expect(create).toBe("sh hosts/ssh/onHost.sh create");
    expect(stdin).not.toContain("docker rm");
    expect(made.filter(({ name }) => name === "acme" || name.startsWith("acme-")).length).toBeLessThanOrEqual(
      20,
    );
  });
});

describe("a host that cannot be used", () => {
  let made: Made[];
  beforeAll(async () => {
    made = await declared("host eu-1 cannot be used: it is down.");
  });

  test("fails the one resource, with what there is to say", () => {
    expect(named(made, "eu-1-reach")?.inputs).toMatchObject({
      create: "cat >&2; exit 1",
      stdin: "host eu-1 cannot be used: it is down.",
    });
  });

  test("has everything else as it is declared otherwise: nothing is taken for unwanted", async () => {
    const names = (list: readonly Made[]) => list.map(({ name }) => name).sort();
    expect(names(made)).toEqual(names(await declared()));
  });
});
