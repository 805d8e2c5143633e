import { describe, expect, test } from "vitest";
import { signInAt, submitLogin, title } from "../../harness/browser.ts";
import type { CustomDomainStage } from "../../harness/customDomain.ts";
import { authorization, exchange, tokensOf } from "../../harness/oauth.ts";

export function besideCases(stage: () => CustomDomainStage): void {
  describe("a custom domain beside the tenant's own name", () => {
    test("is a record for its owner to make, and answers with a certificate of its own", async () => {
      expect(stage().records).toContainEqual(
        expect.objectContaining({
          name: "login.bigcorp.test",
          type: "CNAME",
          content: "bigcorp.id.example.test",
        }),
      );
      // The visitor trusts the ACME server's root and nothing else, and checks the name.
      expect((await stage().visitor.call(`${stage().custom}/login?next=home`)).status).toBe(200);
    });

    test("both sign people in, each with cookies that the other does not get", async () => {
      const { own, custom, person } = stage();
      const page = await stage().window();
      await stage().turn();
      await signInAt(page, custom, person);
      expect(await title(page)).toBe("You are signed in");
      expect(new URL(page.url()).origin).toBe(custom);
      for (const cookie of await page.context().cookies()) {
        expect(cookie).toMatchObject({ domain: "login.bigcorp.test", secure: true, httpOnly: true });
      }
      expect(await page.context().cookies(own)).toEqual([]);
      await page.goto(own);
      expect(await title(page)).toBe("You are not signed in");

      await stage().turn();
      await signInAt(page, own, person);
      expect(await title(page)).toBe("You are signed in");
      expect(new URL(page.url()).origin).toBe(own);
      await page.context().close();
    });

    test("a sign-in that an application began at the one may be finished at the other", async () => {
      const { own, custom, client, person, visitor } = stage();
      const page = await stage().window();
      const attempt = authorization(client);
      await page.goto(attempt.url);
      expect(new URL(page.url()).origin).toBe(own);
      await page.goto(page.url().replace(own, custom));
      await stage().turn();
      await submitLogin(page, person);
      await page.waitForURL(`${client.application.redirectUri}?**`);
      const returned = client.application.answerFor(attempt.state);
      expect(tokensOf(await exchange(visitor, client, attempt, returned ?? {}))).toHaveProperty("id_token");
      await page.context().close();
    });
  });
}
