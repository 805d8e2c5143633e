import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { heraSite } from "../../lab/uis/hera/app.ts";
import { readHeraEnvironment } from "../../lab/uis/hera/environment.ts";
import { serve } from "../../lab/uis/web/server.ts";
import { Browser } from "./uis.browser.ts";
import { heraEnvironment } from "./uis.environments.ts";
import {
  ada,
  closeAll,
  fake,
  flowWithError,
  hydraAdmin,
  kratosAdmin,
  kratosPublic,
  listen,
  password,
} from "./uis.fakes.ts";

afterEach(closeAll);

async function startHera(
  overrides: Record<string, string> = {},
  requests: Parameters<typeof hydraAdmin>[0] = {},
) {
  const kratos = await fake(kratosPublic());
  const identities = await fake(kratosAdmin());
  const hydra = await fake(hydraAdmin(requests));
  const environment = readHeraEnvironment({
    ...heraEnvironment,
    KRATOS_PUBLIC_URL: kratos.url,
    KRATOS_ADMIN_URL: identities.url,
    HYDRA_ADMIN_URL: hydra.url,
    ...overrides,
  });
  const url = await listen(serve(heraSite(environment)));
  return { url, browser: new Browser(url), kratos, identities, hydra };
}

const signIn = { identifier: "ada@example.org", password };
const sent = (called: { calls: readonly { method: string; path: string; body: object }[] }, path: string) =>
  called.calls.find((call) => call.method === "PUT" && call.path === path)?.body;

describe("every page", () => {
  test("health answers, with and without a body", async () => {
    const { browser } = await startHera();
    expect(await browser.open("/health")).toMatchObject({ status: 200, text: "ok\n" });
    expect(await browser.open("/health", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });

  test("allows its own style sheet and nothing else", async () => {
    const { browser } = await startHera();
    const { headers, text } = await browser.open("/logout");
    const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers.get("content-security-policy")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`,
    );
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("names the tenant's host, but only what looks like one", async () => {
    const { url } = await startHera();
    const shown = async (host: string) => {
      const text = await new Promise<string>((resolve, reject) => {
        const { port } = new URL(url);
        request({ host: "127.0.0.1", port, path: "/", headers: { host } }, (response) => {
          let body = "";
          response.on("data", (chunk) => {
            body += chunk;
          });
          response.on("end", () => resolve(body));
        })
          .on("error", reject)
          .end();
      });
      return /id="tenant">([^<]*)</.exec(text)?.[1];
    };
    expect(await shown("Acme.example:443")).toBe("acme.example");
    expect(await shown("<script>")).toBe("unknown host");
  });

  test("says 404 and 405", async () => {
    const { browser } = await startHera();
    expect((await browser.open("/nowhere")).status).toBe(404);
    expect((await browser.open("/consent", { method: "POST" })).status).toBe(405);
  });

  test("says 503 when Kratos or Hydra is down", async () => {
    const { browser, hydra } = await startHera();
    hydra.answers["GET /admin/oauth2/auth/requests/login"] = { status: 500 };
    const { status, text } = await browser.open("/login?login_challenge=c");
    expect(status).toBe(503);
    expect(text).toContain("Try again in a minute");
  });

  test("escapes what others write", async () => {
    const { browser } = await startHera();
    const login = await browser.open("/login?login_challenge=c");
    expect(login.text).toContain("&#60;b&#62;Shop&#60;/b&#62;");
    const error = await browser.open(
      `/error?error=x&error_description=${encodeURIComponent('<img src="x">')}`,
    );
    expect(error.text).not.toContain("<img");
  });
});

describe("forms", () => {
  test("need the token of the browser they were shown in", async () => {
    const { browser, url, kratos } = await startHera();
    const shown = await browser.open("/login");
    const stranger = new Browser(url);
    expect((await stranger.submit(shown, signIn)).status).toBe(403);
    expect((await browser.submit(shown, { ...signIn, csrf: "x" })).status).toBe(403);
    expect((await browser.submit(await browser.open("/logout"), { ...signIn })).status).toBe(303);
    expect(kratos.calls.filter((call) => call.method === "POST")).toEqual([]);
  });

  test("a token is good for its own page only", async () => {
    const { browser } = await startHera();
    const token = /name="csrf" value="([^"]+)"/.exec((await browser.open("/logout")).text)?.[1] ?? "";
    expect((await browser.submit(await browser.open("/login"), { ...signIn, csrf: token })).status).toBe(403);
  });

  test.each([{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }])(
    "refuse %o",
    async (headers) => {
      const { browser } = await startHera();
      expect((await browser.submit(await browser.open("/login"), signIn, headers)).status).toBe(403);
    },
  );

  test("work behind a proxy that hides the origin", async () => {
    const { browser } = await startHera();
    expect((await browser.submit(await browser.open("/login"), signIn, { origin: "null" })).location).toBe(
      "/",
    );
  });

  test("are refused when large or of another kind", async () => {
    const { browser } = await startHera();
    const shown = await browser.open("/login");
    expect((await browser.submit(shown, { password: "x".repeat(20_000) })).status).toBe(413);
    const init = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    expect((await browser.open("/login", init)).status).toBe(415);
  });

  test("and sessions of one tenant are worthless at another", async () => {
    const acme = await startHera();
    const other = await startHera({ ENCRYPTION_KEY: "another-tenants-key-0123456789abcdef" });
    const shown = await acme.browser.open("/login");
    await acme.browser.submit(shown, signIn);
    expect((await acme.browser.open("/")).text).toContain("ada@example.org");
    const carried = new Browser(other.url);
    for (const [name, value] of acme.browser.cookies) carried.cookies.set(name, value);
    expect((await carried.open("/")).text).toContain("You are not signed in");
    expect((await carried.submit(shown, signIn)).status).toBe(403);
    expect(other.kratos.calls).toEqual([]);
  });
});

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

  test("without an application starts one for the default client, whose code nobody can redeem", async () => {
    const { browser } = await startHera({ DEFAULT_OAUTH2_CLIENT_ID: "shop" });
    const { location } = await browser.open("/login");
    const url = new URL(location);
    expect(url.origin + url.pathname).toBe("https://acme-api.example/oauth2/auth");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: "shop",
      redirect_uri: "https://shop.example/callback",
      code_challenge_method: "S256",
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
    expect(sent(hydra, "/admin/oauth2/auth/requests/consent/accept")).toMatchObject({
      session: { id_token: {} },
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
  expect(status).toBe(404);
  expect(text).toContain("this tenant sends no mail");
  expect(kratos.calls.at(-1)?.headers.accept).toBe("application/json");
});
