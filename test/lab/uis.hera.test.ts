import { afterEach, describe, expect, test } from "vitest";
import { actionId } from "../../lab/uis/web/server.ts";
import { ada, closeAll, flowWithError } from "./uis.fakes.ts";
import { signIn, startHera } from "./uis.startHera.ts";

afterEach(closeAll);

const sent = (called: { calls: readonly { method: string; path: string; body: object }[] }, path: string) =>
  called.calls.find((call) => call.method === "PUT" && call.path === path)?.body;

describe("signing in", () => {
  test("for an application: Hydra learns who it is and how", async () => {
    const { browser, hydra } = await startHera();
    const shown = await browser.open("/login?login_challenge=c");
    // Chromium would refuse the redirects after the form otherwise.
    expect(shown.headers.get("content-security-policy")).not.toContain("form-action");
    const { status, location } = await browser.submit(shown, signIn);
    expect({ status, location }).toEqual({ status: 303, location: "https://api.acme/after-login" });
    expect(sent(hydra, "/admin/oauth2/auth/requests/login/accept")).toMatchObject({
      subject: ada.id,
      remember: true,
      acr: "aal1",
      amr: ["pwd"],
      context: { email: "ada@example.org" },
    });
  });

  test("with a wrong password shows Kratos's words", async () => {
    const { browser } = await startHera();
    const shown = await browser.open("/login?login_challenge=c");
    const { status, text } = await browser.submit(shown, { ...signIn, password: "wrong" });
    expect(status).toBe(401);
    expect(text).toContain("The provided credentials are invalid.");
    expect(text).not.toContain('value="wrong"');
  });

  test("by its action on any path, as Next.js runs it: no address is safe from attempts", async () => {
    const { browser } = await startHera();
    const body = new URLSearchParams({ ...signIn, password: "wrong" });
    const attempt = (path: string, action: string, headers = {}) =>
      browser.open(path, { method: "POST", body, headers: { "next-action": action, ...headers } });
    for (const path of ["/consent", "/", "/nothing"]) {
      expect(await attempt(path, actionId("/login"))).toMatchObject({
        status: 401,
        text: expect.stringContaining("The provided credentials are invalid."),
      });
    }
    expect((await attempt("/login", "7f")).status).toBe(404);
    expect(
      (await attempt("/login", actionId("/login"), { origin: "https://elsewhere.example" })).status,
    ).toBe(403);
  });

  test("without an application keeps Kratos's session in a host cookie", async () => {
    const { browser } = await startHera();
    const { location } = await browser.submit(await browser.open("/login"), signIn);
    expect(location).toBe("/");
    for (const cookie of browser.setCookies) {
      expect(cookie).toMatch(/^__Host-hera-(form|session)=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Lax/);
      expect(cookie).not.toContain("Domain");
    }
    expect((await browser.open("/")).text).toContain('<strong id="email">ada@example.org</strong>');
  });

  test("without an application starts one for the default client, as the real Hera does: without PKCE", async () => {
    const { browser } = await startHera({ DEFAULT_OAUTH2_CLIENT_ID: "shop" });
    const { location } = await browser.open("/login");
    const url = new URL(location);
    expect(url.origin + url.pathname).toBe("https://acme-api.example/oauth2/auth");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "shop",
      response_type: "code",
      scope: "openid profile email",
      redirect_uri: "https://shop.example/callback",
      state: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const unknown = await startHera({ DEFAULT_OAUTH2_CLIENT_ID: "nobody" });
    expect((await unknown.browser.open("/login")).text).toContain('id="login-form"');
  });

  test("on a remembered session looks the account up first", async () => {
    const remembered = { login: { skip: true, subject: ada.id } };
    const { browser, identities } = await startHera({}, remembered);
    expect((await browser.open("/login?login_challenge=c")).location).toBe("https://api.acme/after-login");
    identities.answers[`GET /admin/identities/${ada.id}`] = { body: { ...ada, state: "inactive" } };
    expect((await browser.open("/login?login_challenge=c")).location).toBe("https://api.acme/rejected");
  });

  test("with an unverified address leads to verification", async () => {
    const { browser, kratos } = await startHera();
    kratos.answers["POST /self-service/login"] = {
      status: 400,
      body: flowWithError(4_000_010, "Account not active yet."),
    };
    const { text } = await browser.submit(await browser.open("/login?login_challenge=c"), signIn);
    expect(text).toContain('id="verification-code-form"');
    expect(kratos.calls.at(-1)).toMatchObject({
      path: "/self-service/verification",
      body: { method: "code", email: "ada@example.org" },
    });
  });

  test("is refused while CAPTCHA is on without keys", async () => {
    const { browser } = await startHera({ CAPTCHA_ENABLED: "" });
    const { status, text } = await browser.open("/login?login_challenge=c");
    expect(status).toBe(503);
    expect(text).toContain("CAPTCHA_SITE_KEY and CAPTCHA_SECRET_KEY are not set");
  });

  test("says so when the request is over", async () => {
    const { browser } = await startHera();
    expect(await browser.open("/login?login_challenge=old")).toMatchObject({ status: 400 });
  });

  test("returns only to pages of its own", async () => {
    const { browser } = await startHera();
    const shown = await browser.open("/login?next=settings");
    expect((await browser.submit(shown, signIn)).location).toBe("/settings");
    expect((await browser.submit(shown, { ...signIn, next: "//evil.example" })).location).toBe("/");
  });
});

describe("consent", () => {
  test("puts the address into the ID token when it is asked for", async () => {
    const { browser, hydra } = await startHera();
    expect((await browser.open("/consent?consent_challenge=c")).location).toBe(
      "https://api.acme/after-consent",
    );
    expect(sent(hydra, "/admin/oauth2/auth/requests/consent/accept")).toMatchObject({
      grant_scope: ["openid", "email"],
      session: { id_token: { email: "ada@example.org", email_verified: true } },
    });
  });

  test("and not when it is not", async () => {
    const { browser, hydra } = await startHera({}, { consent: { requested_scope: ["openid"] } });
    await browser.open("/consent?consent_challenge=c");
    // Not toMatchObject, to which every object has what {} has.
    expect(sent(hydra, "/admin/oauth2/auth/requests/consent/accept")).toHaveProperty("session", {
      id_token: {},
    });
  });
});

describe("signing out", () => {
  test("by an application accepts at Hydra and ends Kratos's session", async () => {
    const { browser, kratos } = await startHera();
    await browser.submit(await browser.open("/login"), signIn);
    expect((await browser.open("/logout?logout_challenge=c")).location).toBe("https://api.acme/after-logout");
    expect(kratos.calls.at(-1)).toMatchObject({ method: "DELETE", body: { session_token: "kratos-token" } });
    expect(browser.cookies.has("__Host-hera-session")).toBe(false);
  });

  test("at Hera ends Hydra's session too", async () => {
    const { browser, hydra } = await startHera();
    await browser.submit(await browser.open("/login?login_challenge=c"), signIn);
    await browser.submit(await browser.open("/logout"), {});
    expect(hydra.calls.at(-1)).toMatchObject({ method: "DELETE", path: "/admin/oauth2/auth/sessions/login" });
    expect(hydra.calls.at(-1)?.query.get("sid")).toBe("hydra-session");
  });
});

test("recovery that is switched off says so", async () => {
  const { browser, kratos } = await startHera();
  const { status, text } = await browser.open("/recovery");
  expect(status).toBe(403);
  expect(text).toContain("this tenant sends no mail");
  expect(kratos.calls.at(-1)?.headers.accept).toBe("application/json");
});
