import { jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { openWindow } from "../../harness/browser.ts";
import { makePerson } from "../../harness/inside.ts";
import { obtainTokens, userinfo, verifierKeys } from "../../harness/oauth.ts";
import { homes, type PublicFleet, type PublicTenant } from "../../harness/publicFleet.ts";
import { newPassword } from "../../harness/twoTenants.ts";

/** One of each host: what differs on the way in is the host. */
const visited: readonly PublicTenant[] = ["acme", "clinic", "exchange"];

export function peopleCases(stage: () => PublicFleet): void {
  describe("people sign in by way of the edge", () => {
    const tokens = new Map<PublicTenant, string>();

    test.each(visited)("at %s, for an application with PKCE", async (tenant) => {
      const { fleet, application, browser, visitor } = stage();
      const { api } = stage().urls(tenant);
      const login = { email: "ada@people.example", password: newPassword() };
      await makePerson(fleet.engine(homes[tenant]), tenant, login);
      const page = await openWindow(browser);
      const client = { api, id: "portal", application };
      const { id_token, access_token } = await obtainTokens(page, visitor, client, login);
      await page.context().close();
      const { payload } = await jwtVerify(id_token, await verifierKeys(visitor, api), {
        issuer: api,
        audience: "portal",
      });
      expect((await userinfo(visitor, api, access_token)).text).toContain(payload.sub);
      tokens.set(tenant, access_token);
    });

    test("a token of one tenant is worthless at another, on whichever host", async () => {
      const { visitor } = stage();
      for (const [owner, token] of tokens) {
        for (const other of visited.filter((tenant) => tenant !== owner)) {
          expect((await userinfo(visitor, stage().urls(other).api, token)).status).toBe(401);
        }
      }
      expect(tokens.size).toBe(visited.length);
    });
  });
}
