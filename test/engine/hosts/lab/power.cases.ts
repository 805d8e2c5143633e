import { beforeAll, expect, test } from "vitest";
import type { LabSite } from "../../../../lab/hosts/site.ts";
import { login } from "../../../harness/login.ts";
import { obedient, running, runObedient } from "../../../harness/obedient.ts";
import { processesWith } from "../../../harness/remains.ts";

/** @param image any image with a shell */
export function powerCases(site: () => LabSite, image: () => string): void {
  const isBack = () => expect.poll(() => running(site().host("eu-1")), { timeout: 10_000 }).toBe("steadfast");

  beforeAll(() => runObedient(site().host("eu-1"), image(), { name: "steadfast", restart: "always" }));

  test("shut down in good order and booted", async () => {
    await site().host("eu-1").shutDown();
    expect((await login(site(), "true")).exitCode).toBe(255);
    await site().host("eu-1").boot();
    await isBack();
  });

  test("cut off from power and booted, its firewall empty", async () => {
    const host = site().host("eu-1");
    await host.run("iptables", "-A", "INPUT", "-i", "oly-+", "-j", "DROP");
    await host.cutPower();
    await host.boot();
    await isBack();
    expect(await host.run("iptables", "-S", "INPUT")).toBe("-P INPUT ACCEPT");
    expect((await login(site(), "hostname")).output).toBe("eu-1");
  });

  test("its engine alone ended, and started again", async () => {
    await site().host("eu-1").engine.stop();
    expect((await login(site(), "docker ps")).output).toContain("Cannot connect to the Docker daemon");
    await site().host("eu-1").engine.start();
    await isBack();
  });

  // Why containers of the fleet restart always (docs/adr/0005), and not unless stopped.
  test("its engine alone killed, and started again", async () => {
    await runObedient(site().host("eu-1"), image(), { name: "witness", restart: "unless-stopped" });
    await site().host("eu-1").engine.kill();
    expect(await processesWith(obedient)).not.toEqual([]); // they go on without it
    await site().host("eu-1").engine.start();
    await isBack();
    expect(
      await site().host("eu-1").run("docker", "inspect", "--format", "{{.State.Status}}", "witness"),
    ).toBe("exited");
  });
}
