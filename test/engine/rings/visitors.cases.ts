import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visitsFolder } from "../../../backends/docker/caddy/visitLog.ts";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { registryDir } from "../../../lab/docker/registry.ts";
import { variantOf } from "../../../lab/images/publish.ts";
import { status } from "../../harness/fleetCommand.ts";
import { plain, type RingsFleet } from "../../harness/ringsFleet.ts";
import { httpsPort } from "../../harness/testFleet.ts";

/** Laid over the usual Hera: /consent fails, and all that gates ask for does not. */
const faultyHera = `
import { Server } from "node:http";
const { emit } = Server.prototype;
Server.prototype.emit = function (event, request, answer) {
  if (event !== "request" || !request.url.startsWith("/consent")) return emit.apply(this, arguments);
  answer.writeHead(500).end("no consent");
  return true;
};`;
const imported = encodeURIComponent(faultyHera).replaceAll("'", "%27");

/** @param stage all on 2026.13 */
export function visitorsCases(stage: () => RingsFleet): void {
  const on = (c1: string) => ({ c1, e1: "2026.13", s1: "2026.13", s2: "2026.13" });
  const log = `${visitsFolder}/c1.login.log`;

  describe("a release that fails visitors where no probe looks", () => {
    beforeAll(async () => {
      const { images } = stage().fleet;
      const hydra = await variantOf(registryDir, images.hydra, "rings-faulty", {
        Labels: { release: "faulty" },
      });
      const hera = await variantOf(registryDir, images.hera, "rings-faulty", {
        Entrypoint: [
          "sh",
          "-ec",
          `NODE_OPTIONS='--import=data:text/javascript,${imported}' exec "$@"`,
          "hera",
        ],
      });
      await stage().addRelease("faulty", { hydra, hera });
      await stage().want("faulty");
    });

    // An hour of the stage's is a minute of Caddy's: what comes after this would count the same visits.
    afterAll(() => stage().fleet.docker("exec", caddyContainer, "sh", "-c", `: > ${log}`));

    test("passes the gates of canary, and nobody has a reason to doubt it", async () => {
      await stage().done();
      expect(await stage().running()).toEqual(on("faulty"));
    });

    test("fails canary by what its visitors were answered since then; no other ring gets it", async () => {
      const visitor = await stage().fleet.visitor();
      const visit = async (path: string) =>
        (await visitor.call(`https://c1.localhost:${httpsPort}${path}`)).status;
      for (let person = 1; person <= 12; person++) {
        expect(await visit("/login")).toBe(200);
        // Of a scanner, which is to hide nothing.
        for (let time = 1; time <= 20; time++) expect(await visit("/wp-login.php")).toBe(404);
        if (person <= 8) expect(await visit("/consent?consent_challenge=c0ffee")).toBe(500);
      }
      const { document } = await status(stage().fleet, "c1");
      const login = document.tenants[0]?.sites.find(({ site }) => site === "login");
      expect(login?.failed).toBe(8);

      stage().later(0.5);
      const { exitCode, output } = await stage().up();
      expect(exitCode).not.toBe(0);
      expect(plain(output)).toMatch(
        /ring canary is not healthy with faulty: c1's login site answered 8 of \d\d visits with 5xx since 2026-12-06 \d\d:\d\d UTC\. No other ring gets faulty from it\./,
      );
      expect(await stage().running()).toEqual(on("faulty"));
    });

    test("of a visit nothing but its time and status is kept", async () => {
      // Of somebody who asks a site for a name that is nobody's, too.
      const visitor = await stage().fleet.visitor();
      const other = { headers: { host: "evil.test" } };
      await visitor.call(`https://c1.localhost:${httpsPort}/?code=c0ffee`, other);
      const { output: usual } = await stage().fleet.tryDocker("logs", caddyContainer);
      expect(usual).not.toContain("c0ffee");
      const text = await stage().fleet.docker("exec", caddyContainer, "cat", log);
      const kept = text.trim().split("\n");
      expect(kept.length).toBeGreaterThan(12 * 21);
      for (const line of kept) expect(line).toMatch(/^\{"ts":\d+(\.\d+)?,"status":\d{3}\}$/);
      const modes = await stage().fleet.docker(
        ...["exec", caddyContainer, "stat", "-c", "%a %U", visitsFolder, log],
      );
      expect(modes.trim().split("\n")).toEqual(["700 root", "600 root"]);
    });

    test("what was told is not held against it again, and the way back leads back", async () => {
      expect(await stage().done()).toContain(
        "ring early: faulty waits: canary must be healthy with it for 24h",
      );
      await stage().want("2026.13");
      await stage().done();
      expect(await stage().running()).toEqual(on("2026.13"));
    });
  });
}
