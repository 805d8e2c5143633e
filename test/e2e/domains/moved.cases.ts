import { jwtVerify } from "jose";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { signInAt, submitLogin, title } from "../../harness/browser.ts";
import type { CustomDomainStage } from "../../harness/customDomain.ts";
import {
  type Attempt,
  authorization,
  authorize,
  exchange,
  type Tokens,
  tokensOf,
  userinfo,
  verifierKeys,
} from "../../harness/oauth.ts";

export function movedCases(stage: () => CustomDomainStage): void {
  describe("sign-in moved to the custom domain", () => {
    /** Somebody who had the form before them, and somebody who was signed in at the application. */
    let begun: { page: Page; attempt: Attempt };
    let remembered: Page;
    let earlier: Tokens;

    beforeAll(async () => {
      const { client, person, visitor } = stage();
      begun = { page: await stage().window(), attempt: authorization(client) };
      await begun.page.goto(begun.attempt.url);
      expect(new URL(begun.page.url()).origin).toBe(stage().own);

      remembered = await stage().window();
      const attempt = authorization(client);
      await stage().turn();
      const returned = await authorize(remembered, client, attempt, person);
      earlier = tokensOf(await exchange(visitor, client, attempt, returned));

      await stage().moveSignIn();
    });

    test("is where the outputs and the tenant's own pages lead; the API stays", async () => {
      expect(stage().tenant.urls).toEqual({
        login: "https://login.bigcorp.test",
        api: "https://bigcorp-api.id.example.test",
        admin: "https://bigcorp-admin.id.example.test",
      });
    });

    test("who had the form before them finishes there, at the old address", async () => {
      const { client, person, own, visitor } = stage();
      const { page, attempt } = begun;
      expect(new URL(page.url()).origin).toBe(own);
      await stage().turn();
      await submitLogin(page, person);
      await page.waitForURL(`${client.application.redirectUri}?**`);
      const returned = client.application.answerFor(attempt.state);
      expect(tokensOf(await exchange(visitor, client, attempt, returned ?? {}))).toHaveProperty("id_token");
      await page.context().close();
    });

    test("who was signed in at the application is not asked again, and their tokens are good", async () => {
      const { client, visitor } = stage();
      await remembered.goto(authorization(client).url);
      expect(await title(remembered)).toBe("Back at the application");
      expect((await userinfo(visitor, client.api, earlier.access_token)).status).toBe(200);
    });

    test("their session at the old address stays there", async () => {
      const { own, custom } = stage();
      await remembered.goto(own);
      expect(await title(remembered)).toBe("You are signed in");
      await remembered.goto(custom);
      expect(await title(remembered)).toBe("You are not signed in");
      await remembered.context().close();
    });

    test("code with PKCE leads through it, and the issuer is what it was", async () => {
      const { client, custom, person, visitor } = stage();
      const page = await stage().window();
      const visited: string[] = [];
      page.on("framenavigated", (frame) => visited.push(new URL(frame.url()).origin));
      const attempt = authorization(client);
      await stage().turn();
      const returned = await authorize(page, client, attempt, person);
      expect(visited).toContain(custom);
      expect(visited).not.toContain(stage().own);
      const cookies = await page.context().cookies();
      expect(new Set(cookies.map(({ domain }) => domain))).toEqual(
        new Set(["login.bigcorp.test", "bigcorp-api.id.example.test"]),
      );
      await page.context().close();

      const tokens = tokensOf(await exchange(visitor, client, attempt, returned));
      const { payload } = await jwtVerify(tokens.id_token, await verifierKeys(visitor, client.api), {
        issuer: "https://bigcorp-api.id.example.test",
        audience: "portal",
      });
      expect(payload.nonce).toBe(attempt.nonce);
    });

    test("signing out of the application ends there, too", async () => {
      const { client, custom, person, visitor } = stage();
      const page = await stage().window();
      const attempt = authorization(client);
      await stage().turn();
      const returned = await authorize(page, client, attempt, person);
      const { id_token } = tokensOf(await exchange(visitor, client, attempt, returned));
      await page.goto(`${client.api}/oauth2/sessions/logout?id_token_hint=${id_token}`);
      expect(page.url()).toBe(`${custom}/`);
      expect(await title(page)).toBe("You are not signed in");
      await page.context().close();
    });

    test("the tenant's own name still signs people in", async () => {
      const { own, person } = stage();
      const page = await stage().window();
      await stage().turn();
      await signInAt(page, own, person);
      expect(await title(page)).toBe("You are signed in");
      expect(new URL(page.url()).origin).toBe(own);
      await page.context().close();
    });

    test("administrators come in through it", async () => {
      const { tenant, custom } = stage();
      const page = await stage().window();
      await page.goto(tenant.urls.admin);
      expect(new URL(page.url()).origin).toBe(custom);
      const { email, initialPassword } = tenant.administrator;
      await stage().turn();
      await submitLogin(page, { email, password: initialPassword });
      expect(await title(page)).toBe("Identities");
      expect(new URL(page.url()).origin).toBe(tenant.urls.admin);
      await page.context().close();
    });
  });
}
