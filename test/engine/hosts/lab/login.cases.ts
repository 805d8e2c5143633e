import { describe, expect, test } from "vitest";
import type { LabSite } from "../../../../lab/hosts/site.ts";
import { login } from "../../../harness/login.ts";

export function loginCases(site: () => LabSite): void {
  describe("a login is refused", () => {
    test("where the host has another key than the one that was told", async () => {
      const { exitCode, output } = await login(site(), "true", { knows: "eu-2" });
      expect(output).toContain("Host key verification failed");
      expect(exitCode).toBe(255);
    });

    test("without the site's key", async () => {
      expect((await login(site(), "true", { options: [] })).output).toContain(
        "Permission denied (publickey,password)",
      );
    });

    test("no more once an agent has the key", async () => {
      const agent = await site().agent();
      expect(await login(site(), "true", { options: [], env: { SSH_AUTH_SOCK: agent.socket } })).toEqual({
        exitCode: 0,
        output: "",
      });
      await agent.stop();
      expect(
        (await login(site(), "true", { options: [], env: { SSH_AUTH_SOCK: agent.socket } })).exitCode,
      ).toBe(255);
    });
  });

  test("sshd has Debian's defaults", async () => {
    const settings = await site()
      .host("eu-1")
      .run("/usr/sbin/sshd", "-T", "-f", "/usr/share/openssh/sshd_config");
    expect(settings.split("\n")).toEqual(
      expect.arrayContaining(["maxstartups 10:30:100", "maxsessions 10", "permitrootlogin without-password"]),
    );
  });
}
