import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signInAt, title } from "../../harness/browser.ts";
import { containersOf, labelled } from "../../harness/containers.ts";
import { type CustomDomainStage, customDomain } from "../../harness/customDomain.ts";
import type { EngineClient } from "../../harness/engineClient.ts";
import { status as fleetStatus, found } from "../../harness/fleetCommand.ts";
import { httpVersions, ManyVersions } from "../../harness/httpVersions.ts";
import {
  authorization,
  authorize,
  exchange,
  refresh,
  type Tokens,
  tokensOf,
  userinfo,
} from "../../harness/oauth.ts";
import { changes, fleetFile } from "../../harness/testFleet.ts";
import { visit } from "../../harness/tlsVisit.ts";

const names = [
  "bigcorp.id.example.test",
  customDomain,
  "bigcorp-api.id.example.test",
  "bigcorp-admin.id.example.test",
];
const [, , api = ""] = names;

/** All that an engine is told to throw away on a bad day. Before Docker 23, API 1.42, no prune spares a volume for its name. */
async function prunesOf(engine: EngineClient): Promise<string[][]> {
  const version = await engine.docker("version", "--format", "{{.Server.APIVersion}}");
  const named = Number(version.split(".")[1]) >= 42 ? ["--all"] : [];
  return [
    ["container", "prune", "--force"],
    ["system", "prune", "--all", "--force", "--volumes"],
    ["volume", "prune", "--force", ...named],
  ];
}

const whatRuns = [
  ...["internal", "egress", "postgres-roles", "kratos-migrate", "hydra-migrate", "bootstrap"],
  ...["postgres", "kratos", "hydra", "hera", "athena", "gate-migrate", "gate-bootstrap", "gate-ready"],
]
  .map((part) => `bigcorp-${part}`)
  .sort();
/** `496KiB`, as the engine prints it. */
function bytesOf(text: string | undefined): number {
  const [, amount, unit = ""] = /^([\d.]+)(B|KiB|MiB)$/.exec(text ?? "") ?? [];
  return Number(amount) * ({ B: 1, KiB: 2 ** 10, MiB: 2 ** 20 }[unit] ?? Number.NaN);
}

const whatHolds = ["bigcorp-gate-keeper", "bigcorp-keeper"];

/** The commands of docs/runbooks/tenant-off.md, and what they promise. */
export function statesCases(stage: () => CustomDomainStage): void {
  describe("a tenant that must be off", () => {
    let engine: EngineClient;
    let versions: ManyVersions;
    let page: Page;
    let tokens: Tokens;
    let certificates: string[];

    const serials = () =>
      Promise.all(
        names.map(async (name) => (await visit(stage().fleet.host("eu-1").address, name)).serialNumber),
      );
    const edit = async (state: "active" | "suspended" | "retired") => {
      await stage().write({ state });
      const all = Object.entries(changes(await stage().fleet.up()));
      // The host's images of its release come and go with the only tenant that uses them.
      const own = (names: readonly string[]) => names.filter((name) => name.startsWith("bigcorp-"));
      return Object.fromEntries(all.map(([how, touched]) => [how, own(touched)]));
    };

    beforeAll(async () => {
      const { client, person, visitor } = stage();
      engine = stage().fleet.engine("eu-1");
      page = await stage().window();
      const attempt = authorization(client);
      await stage().turn();
      tokens = tokensOf(
        await exchange(visitor, client, attempt, await authorize(page, client, attempt, person)),
      );
      certificates = await serials();
      versions = await ManyVersions.start(stage().fleet.host("eu-1"), names);
    });
    afterAll(() => page?.context().close());

    const closed = (status: number, words: string, error: string, retryAfter: string | undefined) => {
      describe.each(httpVersions)("by HTTP/%s", (version) => {
        test.each(names)("%s says so, by name, on every path", async (name) => {
          for (const path of ["/", "/login?next=home", "/oauth2/auth?client_id=portal"]) {
            const answer = await versions.ask(version, name, path, "text/html,*/*;q=0.8");
            expect(answer.status).toBe(status);
            expect(answer.text).toContain('<p id="tenant">bigcorp</p>');
            expect(answer.text).toContain(`<h1 id="title">${words}</h1>`);
            expect(answer.headers).toMatchObject({
              "content-type": "text/html; charset=utf-8",
              "cache-control": "no-store",
              "x-frame-options": "DENY",
            });
            expect(answer.headers["retry-after"]).toBe(retryAfter);
          }
        });

        test("programs get JSON at the API", async () => {
          const { headers, ...answer } = await versions.ask(version, api, "/oauth2/token");
          expect(answer.status).toBe(status);
          expect(JSON.parse(answer.text)).toEqual({
            error,
            error_description: `bigcorp is closed ${status === 503 ? "for the time being" : "for good"}.`,
          });
          expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
          expect(headers["retry-after"]).toBe(retryAfter);
        });
      });

      test("a token is refused with that, and not with what would end a session at the application", async () => {
        const { client, visitor } = stage();
        expect((await refresh(visitor, client, tokens.refresh_token)).status).toBe(status);
        expect((await userinfo(visitor, client.api, tokens.access_token)).status).toBe(status);
      });

      test("each name has the certificate of before", async () => {
        expect(await serials()).toEqual(certificates);
      });

      test("nothing has drifted, and a refresh finds nothing to do", async () => {
        expect((await found(stage().fleet)).words).toEqual({});
        await stage().fleet.up("--refresh", "--expect-no-changes");
      });

      test("that is how it is to be, so it is well", async () => {
        const { exitCode, document } = await fleetStatus(stage().fleet);
        expect(document.tenants).toMatchObject([
          {
            tenant: "bigcorp",
            state: status === 503 ? "suspended" : "retired",
            verdict: "well",
            services: { postgres: "off", hera: "off" },
            complaints: [],
          },
        ]);
        expect(document.tenants[0]?.usedMiB).toBeGreaterThan(30);
        expect(exitCode).toBe(0);
      });

      test("no prune takes the volume, though it takes one that nothing runs with", async () => {
        for (const prune of await prunesOf(engine)) {
          await engine.docker("volume", "create", "nobodys");
          await engine.docker(...prune);
          expect(await labelled(engine, "volume")).toContain("bigcorp-postgres");
        }
        expect(await engine.docker("volume", "ls", "--quiet")).not.toContain("nobodys");
      });
    };

    describe("at once:", () => {
      test("docker stop, and nobody comes in", async () => {
        await engine.docker(
          "stop",
          ...["hera", "athena", "hydra", "kratos"].map((part) => `bigcorp-${part}`),
        );
        expect((await stage().visitor.call(`${stage().own}/login?next=home`)).status).toBe(502);
      });
    });

    describe("suspended:", () => {
      test("all that runs goes, and what holds the volume comes", async () => {
        expect(await edit("suspended")).toEqual({
          created: whatHolds,
          updated: ["bigcorp-vhost"],
          replaced: [],
          deleted: whatRuns,
        });
        expect(await labelled(engine, "container")).toEqual([
          "bigcorp-keeper",
          "olympus-caddy",
          "olympus-firewall",
        ]);
        expect(await labelled(engine, "network")).toEqual([]);
      });

      test("what holds the volume can do nothing else", async () => {
        const keeper = (await containersOf(engine)).get("bigcorp-keeper");
        expect(keeper?.Config.User).toBe("999:999");
        expect(keeper?.HostConfig).toMatchObject({
          NetworkMode: "none",
          ReadonlyRootfs: true,
          CapDrop: ["ALL"],
          CapAdd: null,
          Privileged: false,
          Memory: 16 * 2 ** 20,
          PidsLimit: 200,
          RestartPolicy: { Name: "always" },
        });
        expect(keeper?.Mounts).toMatchObject([{ Name: "bigcorp-postgres", Destination: "/kept", RW: false }]);
        // What the plan counts for it, less the engine's own process.
        const used = await engine.docker(
          "stats",
          "--no-stream",
          "--format",
          "{{.MemUsage}}",
          "bigcorp-keeper",
        );
        expect(bytesOf(used.split(" / ")[0])).toBeLessThan(2 ** 20);
      });

      closed(503, "Closed for the time being", "temporarily_unavailable", "3600");

      test("what somebody does to its keeper is told, and an up mends it", async () => {
        await engine.docker("stop", "bigcorp-keeper");
        expect((await found(stage().fleet)).words).toEqual({
          bigcorp: ["bigcorp-keeper was stopped, and a prune of the engine can take all data of bigcorp"],
        });
        expect(changes(await stage().fleet.up()).updated).toEqual(["bigcorp-gate-keeper"]);
        expect((await found(stage().fleet)).words).toEqual({});
      });

      test("its entry cannot be taken out while data is protected", async () => {
        await stage().fleet.configure({ protectData: true });
        await stage().fleet.writeTenants(fleetFile({}));
        const { exitCode, output } = await stage().fleet.stack.preview();
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(/bigcorp.*olympus:protectData/s);
        await stage().fleet.configure({ protectData: false });
      });
    });

    describe("retired:", () => {
      test("the site alone changes", async () => {
        const before = (await containersOf(engine)).get("bigcorp-keeper")?.Id;
        expect(await edit("retired")).toEqual({
          created: [],
          updated: ["bigcorp-vhost"],
          replaced: [],
          deleted: [],
        });
        expect((await containersOf(engine)).get("bigcorp-keeper")?.Id).toBe(before);
      });

      closed(410, "Closed for good", "gone", undefined);
    });

    describe("active again:", () => {
      test("all that runs comes, on the volume and with the keys of before", async () => {
        expect(await edit("active")).toEqual({
          created: whatRuns,
          updated: ["bigcorp-vhost"],
          replaced: [],
          deleted: whatHolds,
        });
        await stage().fleet.up("--expect-no-changes");
      });

      test("tokens of before are good", async () => {
        const { client, visitor } = stage();
        expect((await userinfo(visitor, client.api, tokens.access_token)).status).toBe(200);
        expect(tokensOf(await refresh(visitor, client, tokens.refresh_token))).toHaveProperty("id_token");
      });

      test("who was signed in still is, and is not asked again by the application", async () => {
        await page.goto(stage().custom);
        expect(await title(page)).toBe("You are signed in");
        await page.goto(authorization(stage().client).url);
        expect(await title(page)).toBe("Back at the application");
      });

      test("who comes back later signs in with the password of before", async () => {
        const other = await stage().window();
        await stage().turn();
        await signInAt(other, stage().custom, stage().person);
        expect(await title(other)).toBe("You are signed in");
        await other.context().close();
      });
    });

    describe("purged:", () => {
      const volumes = () => labelled(engine, "volume");
      const today = () => new Date().toISOString().slice(0, 10);
      const purge = (day = today()) => stage().write({ state: "retired", purge: `bigcorp ${day}` });

      test("not while it runs, and not on another day than its entry names", async () => {
        await stage().fleet.configure({ protectData: true });
        await stage().write({});
        await stage().fleet.up();
        await purge();
        const early = await stage().fleet.stack.preview();
        expect(early.exitCode).not.toBe(0);
        expect(early.output).toContain("bigcorp runs, and only what was retired before can be purged");

        await stage().write({ state: "retired" });
        await stage().fleet.up();
        await purge("2020-02-02");
        const late = await stage().fleet.stack.up();
        expect(late.exitCode).not.toBe(0);
        expect(late.output).toContain("is for 2020-02-02, today is");
        expect(await volumes()).toContain("bigcorp-postgres");
      });

      test("the first run lifts the protection alone, the second deletes all of it, a third finds nothing to do", async () => {
        await purge();
        const first = await stage().fleet.up();
        expect(first.output).toContain("bigcorp is to be purged: its data loses its protection in this run.");
        expect(await volumes()).toContain("bigcorp-postgres");

        const { deleted } = changes(await stage().fleet.up());
        expect(deleted).toEqual(
          expect.arrayContaining(["bigcorp-postgres", "bigcorp-root-key", "bigcorp-vhost", "bigcorp-keeper"]),
        );
        const left = await Promise.all(
          (["container", "network", "volume"] as const).map((kind) => labelled(engine, kind)),
        );
        expect(left.flat().filter((name) => name.startsWith("bigcorp"))).toEqual([]);
        expect(await stage().fleet.stack.state()).not.toContain("bigcorp-root-key");
        await stage().fleet.up("--expect-no-changes");
        await stage().fleet.configure({ protectData: false });
      });
    });
  });
}
