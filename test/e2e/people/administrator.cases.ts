import { describe, expect, test } from "vitest";
import { submitLogin, title } from "../../harness/browser.ts";
import type { TwoTenants } from "../../harness/twoTenants.ts";

export function administratorCases(stage: () => TwoTenants): void {
  const administrator = () => {
    const { email, initialPassword } = stage().outputs.acme.administrator;
    return { email, password: initialPassword };
  };

  describe("the admin UI of acme", () => {
    test("lets the first administrator in, by PKCE through Hydra, and shows this tenant's people only", async () => {
      const page = await stage().window();
      const asked: URL[] = [];
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.pathname === "/oauth2/auth") asked.push(url);
      });
      const { admin, api, login } = stage().urls("acme");
      await page.goto(admin);
      expect(new URL(page.url()).origin).toBe(login);
      await submitLogin(page, administrator());

      expect(await title(page)).toBe("Identities");
      expect(new URL(page.url()).origin).toBe(admin);
      expect(await page.textContent("#role")).toBe("admin");
      expect(asked[0]?.origin).toBe(api);
      expect(asked[0]?.searchParams.get("client_id")).toBe("athena-client");
      expect(asked[0]?.searchParams.get("code_challenge_method")).toBe("S256");

      const listed = await page.locator("#list .email").allTextContents();
      expect(listed.sort()).toEqual([stage().people.acme.email, administrator().email].sort());
      await page.context().close();
    });

    test("shows an ordinary person no admin page and answers no admin call", async () => {
      const page = await stage().window();
      const { admin } = stage().urls("acme");
      await page.goto(admin);
      await submitLogin(page, stage().people.acme);
      expect(await title(page)).toBe("Not for this account");
      expect(await page.locator("#list").count()).toBe(0);
      const call = await page.goto(`${admin}/api/kratos-admin/admin/identities`);
      expect(call?.status()).toBe(403);
      expect(await page.textContent("body")).not.toContain(administrator().email);
      await page.context().close();
    });

    test("answers 401 to a program without a session", async () => {
      const { admin } = stage().urls("acme");
      const answer = await stage().visitor.call(`${admin}/api/kratos-admin/admin/identities`);
      expect(answer.status).toBe(401);
    });

    test("is closed to addresses that are not allowed, whatever they say of themselves", async () => {
      const stranger = stage().visitor.at("127.0.0.66");
      const { admin } = stage().urls("acme");
      for (const name of ["x-forwarded-for", "x-real-ip", "forwarded", "client-ip"]) {
        const claim = name === "forwarded" ? "for=127.0.0.1" : "127.0.0.1";
        expect((await stranger.call(admin, { headers: { [name]: claim } })).status).toBe(403);
      }
      expect((await stage().visitor.call(admin)).status).toBe(303);
    });
  });

  test("the administrator of acme is nobody at bigcorp", async () => {
    const page = await stage().window();
    await page.goto(`${stage().urls("bigcorp").login}/login?next=home`);
    await submitLogin(page, administrator());
    expect(await page.textContent("#message")).toContain("credentials are invalid");
    await page.context().close();
  });

  test("an admin UI that is open to nobody answers 403", async () => {
    const { admin } = stage().urls("bigcorp");
    for (const path of ["/", "/api/auth/login", "/api/kratos-admin/admin/identities", "/anything"]) {
      expect((await stage().visitor.call(`${admin}${path}`)).status).toBe(403);
    }
  });
}
