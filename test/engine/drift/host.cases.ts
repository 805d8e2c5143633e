import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { caddyContainer, firewallContainer } from "../../../backends/docker/names.ts";
import { siteFiles } from "../../harness/containers.ts";
import { drift } from "../../harness/fleetCommand.ts";
import { withoutInputRule } from "../../harness/hostRules.ts";
import { clean, type Hand } from "./hand.ts";

const stray = "/etc/caddy/sites/zz-by-hand.caddy";

/** What all tenants of a host share. */
export function hostCases(handOf: () => Hand): void {
  let hand: Hand;
  beforeAll(() => {
    hand = handOf();
  });
  const logins = async () => [await hand.login("acme"), await hand.login("bigcorp")];

  describe("firewall, networks, and what Caddy runs", () => {
    beforeAll(async () => {
      await hand.docker("stop", firewallContainer);
      await hand.docker("network", "disconnect", "--force", "acme-egress", "acme-kratos");
      await hand.docker("network", "rm", "acme-egress");
      await hand.docker("pause", "bigcorp-hera");
      await hand.inCaddy("rm /etc/caddy/sites/bigcorp.caddy");
      await hand.inCaddy(`echo 'by-hand.localhost {' > ${stray}; echo '}' >> ${stray}`);
      await hand.inCaddy(
        "printf '{\\n\\tadmin unix//run/caddy/admin.sock\\n}\\n' > /tmp/other && " +
          "caddy reload --adapter caddyfile --config /tmp/other --address unix//run/caddy/admin.sock 2>&1",
      );
    });

    test("are told", async () => {
      await expect(hand.login("acme")).rejects.toThrow(); // the running Caddy has forgotten it
      expect(await hand.look()).toEqual({
        exitCode: 1,
        words: {
          acme: [
            "network acme-egress was removed",
            "acme-kratos was disconnected from the network acme-egress",
          ],
          bigcorp: ["bigcorp-hera is paused", "Caddy's sites/bigcorp.caddy was removed by hand"],
          "host local": [
            "Caddy runs another configuration than was published",
            `${firewallContainer} was stopped`,
            "Caddy's sites/zz-by-hand.caddy was put there by hand",
          ],
        },
      });
    });

    test("are mended, but for what nobody knows who wants it", async () => {
      await hand.fleet.up("--refresh");
      expect(await hand.networks("acme-kratos")).toEqual(["acme-egress", "acme-internal"]);
      expect(await logins()).toEqual([200, 200]);
      const state = ["inspect", "--format", "{{.State.Status}}", firewallContainer];
      expect(await hand.docker(...state)).toBe("running");
      const { out } = await drift(hand.fleet);
      expect(out).toContain("host local\n  Caddy's sites/zz-by-hand.caddy was put there by hand\n");
      expect(out).toContain("docker exec olympus-caddy rm /etc/caddy/sites/zz-by-hand.caddy");
      expect(out).not.toContain("To put");
      await hand.inCaddy(`rm ${stray}`);
      await hand.mend();
    });
  });

  test("a rule that somebody deletes comes back by itself, and is no drift", async () => {
    await hand.docker("exec", firewallContainer, ...withoutInputRule);
    expect(await hand.look()).toEqual(clean);
  });

  test("files that are broken by hand: a restarted Caddy goes on, and both are mended at once", async () => {
    const files = ["acme", "bigcorp"].map((tenant) => `echo 'nonsense {' > /etc/caddy/sites/${tenant}.caddy`);
    await hand.inCaddy(files.join("; "));
    await hand.docker("restart", caddyContainer);
    for (let tries = 0; tries < 50 && (await hand.login("acme").catch(() => 0)) !== 200; tries++)
      await sleep(200);
    expect(await logins()).toEqual([200, 200]);
    expect((await hand.look()).words).toEqual({
      acme: ["Caddy's sites/acme.caddy was edited by hand"],
      bigcorp: ["Caddy's sites/bigcorp.caddy was edited by hand"],
    });
    expect(await hand.mend()).toMatchObject({ updated: ["acme-vhost", "bigcorp-vhost"] });
  });

  test("Caddy and its configuration are gone: everything is published again", async () => {
    await hand.docker("rm", "--force", caddyContainer);
    await hand.docker("volume", "rm", "olympus-caddy-config");
    expect((await hand.look()).words).toEqual({
      acme: ["Caddy's sites/acme.caddy was removed by hand"],
      bigcorp: ["Caddy's sites/bigcorp.caddy was removed by hand"],
      "host local": [
        "Caddy's Caddyfile was removed by hand",
        `${caddyContainer} was removed`,
        "volume olympus-caddy-config was removed",
      ],
    });
    await hand.mend();
    await hand.fleet.up("--refresh", "--expect-no-changes");
    expect(await siteFiles(hand.fleet)).toEqual(["acme.caddy", "bigcorp.caddy"]);
    expect(await logins()).toEqual([200, 200]);
  });
}
