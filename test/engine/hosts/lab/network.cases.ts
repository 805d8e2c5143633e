import { execa } from "execa";
import { expect, test } from "vitest";
import type { LabSite } from "../../../../lab/hosts/site.ts";
import { login } from "../../../harness/login.ts";

export function networkCases(site: () => LabSite): void {
  test("services of a host are seen from this machine and by visitors, with the address that they come from", async () => {
    const host = site().host("eu-1");
    const script = `require("node:http").createServer((request, response) => response.end(request.socket.remoteAddress)).listen(80, "0.0.0.0")`;
    const server = await host.start("echo", process.execPath, "-e", script);
    const url = `http://${host.address}/`;
    const ask = ["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", url];
    expect((await execa("curl", ask.slice(1))).stdout).toBe(site().address);
    const visitor = await site().visitor();
    expect(await visitor.run(...ask)).toBe(visitor.address);
    expect(
      await site()
        .host("eu-2")
        .run(...ask),
    ).toBe(site().host("eu-2").address);
    await server.stop();
    expect((await host.tryRun("curl", "-sS", url)).output).toContain("Failed to connect");
  });

  test("a program on this machine's side ends with the site, and hosts can call it", async () => {
    const script = `require("node:http").createServer((_, response) => response.end("hello")).listen(9080, "${site().address}", () => console.log("up"))`;
    await site().start("hello", [process.execPath, "-e", script]);
    const ask = ["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1"];
    expect(
      await site()
        .host("eu-2")
        .run(...ask, `http://${site().address}:9080/`),
    ).toBe("hello");
  });

  test("without its cable a host is silent, and there again when it is back", async () => {
    await site().host("eu-2").unplug();
    expect((await login(site(), "true", { host: "eu-2" })).output).toContain("Connection timed out");
    expect((await login(site(), "hostname", { host: "eu-1" })).output).toBe("eu-1");
    await site().host("eu-2").plug();
    expect((await login(site(), "hostname", { host: "eu-2" })).output).toBe("eu-2");
  });

  test("without its sshd a host refuses connections, and its engine goes on", async () => {
    await site().host("eu-2").sshd.stop();
    expect((await login(site(), "true", { host: "eu-2" })).output).toContain("Connection refused");
    expect(await site().host("eu-2").run("docker", "ps", "--quiet")).toBe("");
    await site().host("eu-2").sshd.start();
    expect((await login(site(), "hostname", { host: "eu-2" })).output).toBe("eu-2");
  });
}
