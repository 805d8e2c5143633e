import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { LabSite } from "../../../../lab/hosts/site.ts";
import { projectDir } from "../../../../lab/paths.ts";
import { processesWith, remains } from "../../../harness/remains.ts";

/** @param site is closed by these */
export function removalCases(site: () => LabSite): void {
  test("of a site that was closed, even twice", async () => {
    await site().close();
    await site().close();
    expect(await remains()).toEqual([]);
  });

  test("of one that could not be opened", async () => {
    const hosts = [{ name: "eu-1" }, { name: "eu-2", daemon: { "no-such-setting": true } }];
    await expect(LabSite.open(hosts)).rejects.toThrow(
      /engine of lab host eu-2 did not come up.*no-such-setting/s,
    );
    expect(await remains()).toEqual([]);
  });

  test("of one whose run was killed, once somebody tidies; a site that is in use stays", async () => {
    const living = await LabSite.open([{ name: "eu-1", engine: "none" }]);
    try {
      const owner = execa(process.execPath, ["--import", "tsx", join(import.meta.dirname, "owner.ts")], {
        cwd: projectDir,
        reject: false,
      });
      const [told] = await once(owner.stdout, "data");
      const { folder, address } = JSON.parse(String(told)) as { folder: string; address: string };
      owner.kill("SIGKILL");
      await owner;
      // The kernel ends the host with the run, so that nothing goes on without anybody to end it.
      await expect.poll(() => processesWith(folder), { timeout: 10_000 }).toEqual([]);
      expect(
        (await execa("curl", ["-sS", "-m", "2", `telnet://${address}:22`], { reject: false })).exitCode,
      ).not.toBe(0);

      const { stderr } = await execa("npx", ["tsx", "lab/hosts/tidy.ts"], { cwd: projectDir });
      expect(stderr).toMatch(/Removed \d+ abandoned site\(s\) of lab hosts/);
      expect(existsSync(folder)).toBe(false);
      expect(await remains()).toEqual([]);
      expect(await living.host("eu-1").run("hostname")).toBe("eu-1");
    } finally {
      await living.close();
    }
  });
}
