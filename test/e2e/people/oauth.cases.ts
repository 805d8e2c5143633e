import { decodeProtectedHeader, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { submitLogin, title } from "../../harness/browser.ts";
import {
  type Attempt,
  authorization,
  authorize,
  exchange,
  jwks,
  obtainTokens,
  refresh,
  type Tokens,
  tokensOf,
  userinfo,
  verifierKeys,
} from "../../harness/oauth.ts";
import type { TwoTenants } from "../../harness/twoTenants.ts";

export function oauthCases(stage: () => TwoTenants): void {
  describe("OAuth2 for a client of tenants.yaml, code with PKCE", () => {
    let attempt: Attempt;
    let code: string;
    let tokens: Tokens;

    beforeAll(async () => {
      const { visitor, people } = stage();
      const client = stage().portal("acme");
      const page = await stage().window();
      attempt = authorization(client);
      const returned = await authorize(page, client, attempt, people.acme);
      expect(await title(page)).toBe("Back at the application");
      await page.context().close();
      code = returned.code ?? "";
      tokens = tokensOf(await exchange(visitor, client, attempt, returned));
    });

    test("the ID token is signed with a key that the outside gets from JWKS, and says what was asked", async () => {
      const { visitor } = stage();
      const { api } = stage().urls("acme");
      const { payload } = await jwtVerify(tokens.id_token, await verifierKeys(visitor, api), {
        issuer: api,
        audience: "portal",
        algorithms: ["RS256"],
        requiredClaims: ["sub", "exp", "iat", "nonce"],
      });
      expect(payload.nonce).toBe(attempt.nonce);
      const { kid } = decodeProtectedHeader(tokens.id_token);
      expect((await jwks(visitor, api)).keys.map((key) => key.kid)).toContain(kid);
    });

    test("discovery names the tenant's own addresses only", async () => {
      const { api } = stage().urls("acme");
      const { status, text } = await stage().visitor.call(`${api}/.well-known/openid-configuration`);
      expect(status).toBe(200);
      const document = JSON.parse(text) as Record<string, unknown>;
      expect(document.issuer).toBe(api);
      const addresses = Object.values(document).filter((value) => /^https?:/.test(String(value)));
      expect(addresses.length).toBeGreaterThan(4);
      for (const address of addresses) expect(String(address)).toMatch(new RegExp(`^${api}`));
    });

    test("userinfo knows the person by the access token, and nobody without", async () => {
      const { visitor } = stage();
      const { api } = stage().urls("acme");
      const known = await userinfo(visitor, api, tokens.access_token);
      expect(known.status).toBe(200);
      expect(JSON.parse(known.text).sub).toMatch(/^[0-9a-f-]{36}$/);
      expect((await visitor.call(`${api}/userinfo`)).status).toBe(401);
    });

    test("a refresh token works once, and its reuse ends the whole chain", async () => {
      const { visitor, people } = stage();
      const client = stage().portal("acme");
      const page = await stage().window();
      const first = await obtainTokens(page, visitor, client, people.acme);
      await page.context().close();
      const second = tokensOf(await refresh(visitor, client, first.refresh_token));
      expect(second.refresh_token).not.toBe(first.refresh_token);
      expect((await refresh(visitor, client, first.refresh_token)).status).toBe(400);
      expect((await refresh(visitor, client, second.refresh_token)).status).toBe(400);
    });

    test("a code works once, and its reuse ends what came of it", async () => {
      const { visitor } = stage();
      const client = stage().portal("acme");
      const again = await exchange(visitor, client, attempt, { code });
      expect(again.status).toBe(400);
      expect(JSON.parse(again.text).error).toBe("invalid_grant");
      expect((await userinfo(visitor, client.api, tokens.access_token)).status).toBe(401);
    });
  });

  describe("OAuth2 refuses", () => {
    const errorAfter = async (change: Record<string, string | undefined>) => {
      const client = stage().portal("acme");
      const page = await stage().window();
      const attempt = authorization(client, change);
      await page.goto(attempt.url);
      // Hydra looks at PKCE only when it would issue the code, that is after sign-in.
      if (await page.locator("#login-form").count()) {
        await submitLogin(page, stage().people.acme);
        await page.waitForURL(/[?&](error|code)=/);
      }
      const [address, report] = [page.url(), await page.textContent("body")];
      await page.context().close();
      return { address, report, returned: client.application.answerFor(attempt.state) };
    };

    test("a public client without PKCE: no code", async () => {
      const { returned } = await errorAfter({ code_challenge: undefined, code_challenge_method: undefined });
      expect(returned).toMatchObject({ error: "invalid_request" });
      expect(returned?.error_description).toContain("code_challenge");
      expect(returned).not.toHaveProperty("code");
    });

    test("PKCE in plain text: no code", async () => {
      const { returned } = await errorAfter({ code_challenge_method: "plain" });
      expect(returned).toMatchObject({ error: "invalid_request" });
      expect(returned).not.toHaveProperty("code");
    });

    test("another redirect URI: the person stays at the tenant's error page", async () => {
      const { address, report, returned } = await errorAfter({
        redirect_uri: "http://127.0.0.1:1/elsewhere",
      });
      expect(address).toContain(`${stage().urls("acme").login}/error`);
      expect(report).toContain("redirect_uri");
      expect(returned).toBeUndefined();
    });

    test("a scope that the client does not have: no code", async () => {
      const { returned } = await errorAfter({ scope: "openid everything" });
      expect(returned).toMatchObject({ error: "invalid_scope" });
    });
  });

  describe("a confidential client", () => {
    test("gets tokens with the secret from the stack's outputs, and none with another", async () => {
      const { visitor, people } = stage();
      const client = stage().backend("acme");
      const page = await stage().window();
      const attempt = authorization(client);
      const returned = await authorize(page, client, attempt, people.acme);
      await page.context().close();
      const wrong = { ...client, secret: `${client.secret.slice(1)}x` };
      const refused = await exchange(visitor, wrong, attempt, returned);
      expect(refused.status).toBe(401);
      expect(JSON.parse(refused.text).error).toBe("invalid_client");
      // The same code with the right secret: it was the secret that was refused.
      const tokens = tokensOf(await exchange(visitor, client, attempt, returned));
      expect((await userinfo(visitor, client.api, tokens.access_token)).status).toBe(200);
    });
  });
}
