import { beforeEach, describe, expect, test } from "vitest";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { internalUrls } from "../../../fleet/tenant/context.ts";
import { containersOf, labelled, lives, siteFiles } from "../../harness/containers.ts";
import { callInside } from "../../harness/inside.ts";
import type { OneHost } from "../../harness/oneHost.ts";
import { SteadyVisitor } from "../../harness/steadyVisitor.ts";
import { changes, fleetFile, httpsPort } from "../../harness/testFleet.ts";
import { rootCertificate } from "../../harness/visitor.ts";
import { acme, callback, everythingOf, keysPage, nothing } from "./tenants.ts";

/**
 * @param stage with acme and bigcorp, healthy
 * @param memory how the host's engine changes a limit
 */
export function editCases(stage: () => OneHost, memory: "in place" | "by a new container"): void {
  describe("an edit touches its own tenant alone:", () => {
    let before: Record<string, string>;
    beforeEach(async () => {
      before = await lives(stage());
    });

    /** Containers that are not, or no longer, what they were. */
    const touched = async () => {
      const after = await lives(stage());
      return Object.keys({ ...before, ...after })
        .filter((name) => before[name] !== after[name])
        .sort();
    };

    test("a third tenant; a visitor at acme meanwhile notices nothing", async () => {
      const authority = await stage().docker("exec", caddyContainer, "cat", rootCertificate);
      const steady = new SteadyVisitor(keysPage("acme"), authority, stage().address);
      await stage().writeTenants(fleetFile({ acme, bigcorp: {}, newcorp: {} }));
      const result = await stage().up();
      const visit = await steady.stop();

      expect(changes(result)).toEqual({ ...nothing, created: everythingOf("newcorp") });
      expect((await touched()).filter((name) => !name.startsWith("newcorp-"))).toEqual([]);
      expect(visit.failures).toEqual([]);
      expect(visit.answers).toBeGreaterThan(50);
      expect((await (await stage().visitor()).call(keysPage("newcorp"))).status).toBe(200);
    });

    const moreMemory = { acme, bigcorp: { size: { hera: "400MiB" } }, newcorp: {} };
    const changesOfMemory = {
      "in place": { updated: ["bigcorp-hera"], replaced: [], touched: [] },
      // Its gate waits for the new one.
      "by a new container": {
        updated: ["bigcorp-gate-ready"],
        replaced: ["bigcorp-hera"],
        touched: ["bigcorp-hera"],
      },
    }[memory];

    test(`more memory for a UI: ${memory}`, async () => {
      await stage().writeTenants(fleetFile(moreMemory));
      const { updated, replaced, ...others } = changes(await stage().up());
      expect({ updated, replaced, touched: await touched() }).toEqual(changesOfMemory);
      expect(others).toEqual({ created: [], deleted: [] });
      const { HostConfig } = (await containersOf(stage())).get("bigcorp-hera") ?? {};
      expect(HostConfig).toMatchObject({ Memory: 400 * 2 ** 20, MemorySwap: 400 * 2 ** 20, PidsLimit: 200 });
      expect(HostConfig?.RestartPolicy.Name).toBe("always");
    });

    test("240 OAuth2 clients more, which one variable cannot hold: bootstrap runs again, Hydra has them", async () => {
      const shop = {
        kind: "confidential",
        redirectUris: ["a", "b"].map((path) => callback(path.repeat(250))),
      };
      const shops = Object.fromEntries(Array.from({ length: 240 }, (_, index) => [`shop-${index}`, shop]));
      const second = { kind: "confidential", redirectUris: [callback("two")] };
      const clients = { ...acme.clients, ...shops, second };
      expect(JSON.stringify(clients).length).toBeGreaterThan(128 * 1024);
      await stage().writeTenants(
        fleetFile({ acme: { clients }, bigcorp: { size: { hera: "400MiB" } }, newcorp: {} }),
      );
      expect(changes(await stage().up())).toEqual({
        ...nothing,
        updated: ["acme-gate-bootstrap"],
        replaced: ["acme-bootstrap"],
      });
      expect(await touched()).toEqual(["acme-bootstrap"]);
      const inHydra = async (id: string) => {
        const { status, body } = await callInside(
          stage(),
          "acme",
          `${internalUrls.hydraAdmin}/admin/clients/${id}`,
        );
        expect(status).toBe(200);
        return JSON.parse(body);
      };
      expect(await inHydra("second")).toMatchObject({
        client_id: "second",
        redirect_uris: [callback("two")],
      });
      expect(await inHydra("shop-239")).toMatchObject({ redirect_uris: shop.redirectUris });
    });

    test("who may open the admin UI: the site file alone", async () => {
      await stage().writeTenants(
        fleetFile({
          acme: { ...acme, admin: { allow: [`${stage().visitors.other}/32`] } },
          bigcorp: { size: { hera: "400MiB" } },
          newcorp: {},
        }),
      );
      // The client of the test before is gone from the file as well, and from Hydra.
      expect(changes(await stage().up())).toEqual({
        ...nothing,
        updated: ["acme-gate-bootstrap", "acme-vhost"],
        replaced: ["acme-bootstrap"],
      });
      expect(await touched()).toEqual(["acme-bootstrap"]);
      const visitor = await stage().visitor();
      const admin = `https://acme-admin.localhost:${httpsPort}/`;
      expect((await visitor.call(admin)).status).toBe(403);
      expect((await visitor.at(stage().visitors.other).call(admin)).status).not.toBe(403);
      const second = `${internalUrls.hydraAdmin}/admin/clients/second`;
      expect((await callInside(stage(), "acme", second)).status).toBe(404);
    });

    test("a tenant that goes takes exactly what was its own, since this stack may lose data", async () => {
      await stage().writeTenants(fleetFile({ acme, bigcorp: { size: { hera: "400MiB" } } }));
      const { deleted, created, replaced, updated } = changes(await stage().up());
      expect(deleted).toEqual(everythingOf("newcorp"));
      expect({ created, replaced, updated }).toEqual({ created: [], replaced: [], updated: ["acme-vhost"] });
      expect((await touched()).filter((name) => !name.startsWith("newcorp-"))).toEqual([]);
      expect(await siteFiles(stage())).toEqual(["acme.caddy", "bigcorp.caddy"]);
      const left = [
        ...Object.keys(await lives(stage())),
        ...(await labelled(stage(), "network")),
        ...(await labelled(stage(), "volume")),
      ];
      expect(left.filter((name) => name.includes("newcorp"))).toEqual([]);
      expect(left).toEqual(
        expect.arrayContaining(["acme-postgres", "bigcorp-internal", "olympus-caddy-data"]),
      );
    });
  });
}
