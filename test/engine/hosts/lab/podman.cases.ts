import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LabSite } from "../../../../lab/hosts/site.ts";
import { running, runObedient } from "../../../harness/obedient.ts";
import { remains } from "../../../harness/remains.ts";

/** @param image any image with a shell */
export function podmanCases(image: () => string): void {
  let podman: LabSite;
  const host = () => podman.host("eu-3");

  beforeAll(async () => {
    podman = await LabSite.open([{ name: "eu-3", engine: "podman" }]);
    await runObedient(host(), image(), { name: "steadfast", restart: "always" });
  });
  afterAll(() => podman?.close());

  test("has a docker command that is Podman, and speaks Docker's API", async () => {
    expect(await host().run("docker", "version", "--format", "{{.Server.Os}}")).toBe("linux");
    expect(await host().run("docker", "--version")).toMatch(/^podman version/);
    const env = { DOCKER_HOST: host().dockerHost };
    expect((await execa("docker", ["ps", "--format", "{{.Names}}"], { env })).stdout).toBe("steadfast");
  });

  test("comes back from a shutdown and from a power cut with the container that always restarts", async () => {
    await host().shutDown();
    await host().boot();
    expect(await running(host())).toBe("steadfast");
    await host().cutPower();
    await host().boot();
    expect(await running(host())).toBe("steadfast");
  });

  test("leaves nothing", async () => {
    await podman.close();
    expect(await remains()).toEqual([]);
  });
}
