import type * as command from "@pulumi/command";
import { firewall, withdrawScript } from "../../../backends/docker/firewall.ts";
import { foundOwn, foundRules } from "../../../backends/docker/found.ts";
import { firewallGate, gateLibrary } from "../../../backends/docker/gate.ts";
import { firewallContainer } from "../../../backends/docker/names.ts";
import { engineContainer } from "../engine/resources.ts";
import { hardenedContainer, healthcheck, labels } from "../hardened.ts";
import type { Machine } from "./machine.ts";

const memoryMiB = 32;

/**
 * The rules that keep tenants from each other and from services of the host, set and watched by a small container, and
 * taken away with its gate. See docs/adr/0003 and docs/adr/0016 for what else was weighed.
 *
 * @returns its gate, which prints `applied`, or `not applied: <reason>` on a host that only wants to be told
 */
export function createFirewall(name: string, host: Machine, image: string): command.local.Command {
  const { engine, inputRule } = host.config;
  const { loop, health } = firewall(engine);
  const withdraw = withdrawScript(engine, image);
  const container = engineContainer(
    `${name}-firewall`,
    engine,
    {
      ...hardenedContainer,
      name: firewallContainer,
      image,
      entrypoints: ["sh", "-c"],
      command: [loop],
      user: "0:0",
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_ADMIN"] },
      networkMode: "host",
      memory: memoryMiB,
      memorySwap: memoryMiB,
      cpuShares: 256,
      tmpfs: { "/run": "rw,noexec,nosuid,nodev,size=1m" },
      healthcheck: healthcheck(health, host.config.healthIntervalSeconds),
      labels: labels({ service: "firewall" }),
      stopTimeout: 10,
      destroyGraceSeconds: 10,
    },
    { ...host.child(), dependsOn: [host.image(image)] },
  );
  return host.shell.run(
    `${name}-firewall-gate`,
    {
      library: gateLibrary,
      script: container.id.apply((id) => firewallGate({ id, health, policy: inputRule, withdraw })),
      onDelete: true,
      // A host that only wants to be told may never have the rules, nor a firewall that goes on without them.
      found:
        inputRule === "require"
          ? (foundOwn(host.facts, firewallContainer) ?? foundRules(host.facts))
          : undefined,
    },
    { parent: host, dependsOn: [container] },
  );
}
