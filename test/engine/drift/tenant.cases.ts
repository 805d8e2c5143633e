import { beforeAll, expect, test } from "vitest";
import { lives } from "../../harness/containers.ts";
import { drift, status } from "../../harness/fleetCommand.ts";
import { type Secrets, secretsOf } from "../../harness/tenantSecrets.ts";
import { httpsPort } from "../../harness/testFleet.ts";
import type { Hand } from "./hand.ts";

/** A tenant's containers and its site file. */
export function tenantCases(handOf: () => Hand): void {
  let hand: Hand;
  let secrets: Secrets;
  let neighbour: Record<string, string>;

  beforeAll(async () => {
    hand = handOf();
    secrets = await secretsOf(hand.fleet);
    neighbour = await lives(hand.fleet, "bigcorp");
    await hand.docker("rm", "--force", "acme-hera");
    await hand.docker("stop", "acme-athena");
    await hand.docker("update", "--memory", "300m", "--memory-swap", "300m", "acme-hydra");
    await hand.docker("update", "--restart", "no", "acme-postgres");
    await hand.docker("rm", "acme-kratos-migrate");
    await hand.docker("network", "connect", "bridge", "acme-kratos");
    await hand.inCaddy("echo '# by hand' >> /etc/caddy/sites/acme.caddy");
  });

  test("each is told, with its tenant, and nobody else's is", async () => {
    expect(await hand.look()).toEqual({
      exitCode: 1,
      words: {
        acme: [
          "acme-athena was stopped",
          "acme-hera was removed",
          "acme-hydra was changed: memory 96MiB → 300MiB",
          "acme-kratos was connected to the network bridge",
          "acme-kratos-migrate was removed, a step that had been done; it is done again",
          "acme-postgres was changed: restart always → no",
          "Caddy's sites/acme.caddy was edited by hand",
        ],
      },
    });
  });

  test("its status says what answers and what does not, and its neighbour is well", async () => {
    const { exitCode, document } = await status(hand.fleet);
    const page = `https://acme.localhost:${httpsPort}/login`;
    expect(document.tenants.map(({ verdict, complaints }) => [verdict, complaints])).toEqual([
      ["ill", ["hera is not there", "athena does not run", `no sign-in page: ${page} answers 502`]],
      ["well", []],
    ]);
    expect(exitCode).toBe(1);
    expect((await status(hand.fleet, "bigcorp")).exitCode).toBe(0);
  });

  test("no secret is told", async () => {
    const told = [await drift(hand.fleet), await drift(hand.fleet, "--json"), await status(hand.fleet)]
      .map(({ out }) => out)
      .join("\n");
    expect(secrets.size).toBeGreaterThan(10);
    for (const [what, secret] of secrets) expect(told.includes(secret), what).toBe(false);
  });

  test("a preview shows what no refresh sees, and an up does not take what is missing for right", async () => {
    const unseen = ["acme-gate-bootstrap", "acme-gate-ready", "acme-vhost"];
    const { output } = await hand.fleet.stack.preview();
    expect([...output.matchAll(/^ ~ +\S+ (\S+) update/gm)].map(([, name]) => name).sort()).toEqual(unseen);
    for (const _ of [1, 2]) {
      const { exitCode, output: told } = await hand.fleet.stack.up();
      expect(exitCode).not.toBe(0);
      expect(told).toContain("container acme-hera is gone. To make it again: pulumi up --refresh");
    }
    expect(await hand.networks("acme-kratos")).toEqual(["acme-egress", "acme-internal"]);
  });

  test("up --refresh mends the rest, and the neighbour notices nothing", async () => {
    const { created, updated } = await hand.mend();
    expect(created).toEqual(["acme-hera", "acme-kratos-migrate"]);
    expect(await hand.inCaddy("cat /etc/caddy/sites/acme.caddy")).not.toContain("by hand");
    expect(updated).toEqual(expect.arrayContaining(["acme-athena", "acme-hydra", "acme-postgres"]));
    expect(await hand.login("acme")).toBe(200);
    expect(await lives(hand.fleet, "bigcorp")).toEqual(neighbour);
  });
}
