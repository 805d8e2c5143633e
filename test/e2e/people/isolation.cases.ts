import { jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { signInAt, title } from "../../harness/browser.ts";
import {
  authorization,
  authorize,
  exchange,
  jwks,
  refresh,
  type Tokens,
  tokenRequest,
  tokensOf,
  userinfo,
  verifierKeys,
} from "../../harness/oauth.ts";
import { type TwoTenants, tenantNames } from "../../harness/twoTenants.ts";

/** Each refusal at bigcorp is paired with the same request at acme, which works: it is the tenant that differs. */
export function isolationCases(stage: () => TwoTenants): void {
  describe("what acme has given is worth nothing at bigcorp:", () => {
    let tokens: Tokens;

    beforeAll(async () => {
      const { visitor, people } = stage();
      const page = await stage().window();
      const client = stage().portal("acme");
      const attempt = authorization(client);
      const returned = await authorize(page, client, attempt, people.acme);
      await page.context().close();

      // The code first, since it works once: a refusal must not have used it up.
      const elsewhere = await exchange(visitor, stage().portal("bigcorp"), attempt, returned);
      expect(elsewhere.status).toBe(400);
      expect(JSON.parse(elsewhere.text).error).toBe("invalid_grant");
      tokens = tokensOf(await exchange(visitor, client, attempt, returned));
    });

    test("the e-mail address and password", async () => {
      const page = await stage().window();
      await signInAt(page, stage().urls("bigcorp").login, stage().people.acme);
      expect(await title(page)).toBe("Sign in");
      expect(await page.textContent("#message")).toContain("credentials are invalid");
      await page.context().close();
    });

    test("the session, for a browser that goes on to bigcorp", async () => {
      const page = await stage().window();
      await signInAt(page, stage().urls("acme").login, stage().people.acme);
      expect(await title(page)).toBe("You are signed in");
      await page.goto(stage().urls("bigcorp").login);
      expect(await title(page)).toBe("You are not signed in");
      await page.context().close();
    });

    test("every cookie of Hera and Hydra, planted under bigcorp's names", async () => {
      const client = stage().portal("acme");
      const page = await stage().window();
      await authorize(page, client, authorization(client), stage().people.acme);
      const cookies = await page.context().cookies();
      expect(cookies.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["__Host-hera-session", "ory_hydra_session"]),
      );
      await page.context().close();

      const thief = await stage().window();
      const planted = cookies.map((cookie) => ({
        ...cookie,
        domain: cookie.domain.replace(/^acme/, "bigcorp"),
      }));
      await thief.context().addCookies([...cookies, ...planted]);
      await thief.goto(stage().urls("acme").login);
      expect(await title(thief)).toBe("You are signed in");
      await thief.goto(stage().urls("bigcorp").login);
      expect(await title(thief)).toBe("You are not signed in");
      // Hydra remembers who signed in: at acme it asks no more, at bigcorp it does.
      await thief.goto(authorization(client).url);
      expect(await title(thief)).toBe("Back at the application");
      await thief.goto(authorization(stage().portal("bigcorp")).url);
      expect(await title(thief)).toBe("Sign in");
      await thief.context().close();
    });

    test("the access token", async () => {
      const { visitor } = stage();
      expect((await userinfo(visitor, stage().urls("bigcorp").api, tokens.access_token)).status).toBe(401);
      expect((await userinfo(visitor, stage().urls("acme").api, tokens.access_token)).status).toBe(200);
    });

    test("the ID token, as proof and as a hint", async () => {
      const { visitor } = stage();
      const [acme, bigcorp] = [stage().urls("acme").api, stage().urls("bigcorp").api];
      await expect(jwtVerify(tokens.id_token, await verifierKeys(visitor, bigcorp))).rejects.toThrow(
        "no applicable key found",
      );
      await expect(jwtVerify(tokens.id_token, await verifierKeys(visitor, acme))).resolves.toBeDefined();

      const leave = (api: string) =>
        visitor.call(`${api}/oauth2/sessions/logout?id_token_hint=${tokens.id_token}`);
      expect((await leave(bigcorp)).headers.location).toContain("/error?error=invalid_request");
      expect((await leave(acme)).headers.location).not.toContain("error=");
    });

    test("the refresh token", async () => {
      const { visitor } = stage();
      const elsewhere = await refresh(visitor, stage().portal("bigcorp"), tokens.refresh_token);
      expect(elsewhere.status).toBe(400);
      expect(JSON.parse(elsewhere.text).error).toBe("invalid_grant");
      const here = await refresh(visitor, stage().portal("acme"), tokens.refresh_token);
      expect(here.status).toBe(200);
    });

    test("the secret of the client with the same id", async () => {
      const { visitor } = stage();
      const [own, other] = [stage().backend("acme"), stage().backend("bigcorp")];
      expect(own.secret).not.toBe(other.secret);
      const form = { grant_type: "refresh_token", refresh_token: "none" };
      const errorOf = async (client: typeof own) =>
        JSON.parse((await tokenRequest(visitor, client, form)).text).error;
      expect(await errorOf({ ...other, secret: own.secret })).toBe("invalid_client");
      expect(await errorOf(other)).toBe("invalid_grant"); // the client is known, the token is not
    });

    test("signing keys: no key of one is a key of the other", async () => {
      const { visitor } = stage();
      const sets = await Promise.all(tenantNames.map((name) => jwks(visitor, stage().urls(name).api)));
      const moduli = sets.flatMap(({ keys }) => keys.map(({ n }) => n));
      expect(moduli.length).toBeGreaterThanOrEqual(2);
      expect(moduli).not.toContain(undefined);
      expect(new Set(moduli).size).toBe(moduli.length);
    });
  });
}
