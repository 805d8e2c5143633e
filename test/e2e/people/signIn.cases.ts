import { describe, expect, test } from "vitest";
import { signInAt, title } from "../../harness/browser.ts";
import { type TwoTenants, tenantNames } from "../../harness/twoTenants.ts";

export function signInCases(stage: () => TwoTenants): void {
  describe("a person at a tenant's own address", () => {
    test.each(tenantNames)("signs in and out again at %s", async (name) => {
      const page = await stage().window();
      const { login } = stage().urls(name);
      const person = stage().people[name];
      await signInAt(page, login, person);
      expect(await title(page)).toBe("You are signed in");
      expect(await page.textContent("#email")).toBe(person.email);
      expect(new URL(page.url()).origin).toBe(login);

      await page.click("#logout-link");
      await page.click("#submit");
      expect(await title(page)).toBe("You are not signed in");
      await page.context().close();
    });

    test("is refused with a wrong password", async () => {
      const page = await stage().window();
      await signInAt(page, stage().urls("acme").login, {
        ...stage().people.acme,
        password: "not-the-password-at-all",
      });
      expect(await title(page)).toBe("Sign in");
      expect(await page.textContent("#message")).toContain("credentials are invalid");
      await page.context().close();
    });

    test("is told that a tenant without mail replaces no passwords", async () => {
      const { status, text } = await stage().visitor.call(`${stage().urls("acme").login}/recovery`);
      expect(status).toBe(403);
      expect(text).toContain("this tenant sends no mail");
    });

    test("gets cookies that only this very host may see, only over TLS, and no script may read", async () => {
      const page = await stage().window();
      const { login } = stage().urls("acme");
      await signInAt(page, login, stage().people.acme);
      expect(await title(page)).toBe("You are signed in");
      const cookies = await page.context().cookies();
      expect(cookies.map(({ name }) => name)).toContain("__Host-hera-session");
      for (const cookie of cookies) {
        // A leading dot would mean that bigcorp's host, below the same domain, gets it too.
        expect(cookie).toMatchObject({ domain: new URL(login).hostname, secure: true, httpOnly: true });
      }
      await page.context().close();
    });
  });
}
