import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { Browser } from "./uis.browser.ts";
import { closeAll } from "./uis.fakes.ts";
import { signIn, startHera } from "./uis.startHera.ts";

afterEach(closeAll);

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
