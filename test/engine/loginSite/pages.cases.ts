import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type BareRequest, bareVisit } from "../../harness/bareVisit.ts";
import { type LoginSite, names } from "../../harness/loginSite.ts";

const from = "203.0.113.200";
const asPage = { accept: "text/html,application/xhtml+xml" };

export function pageCases(stage: () => LoginSite): void {
  const visit = (request: Partial<BareRequest>) =>
    bareVisit({ name: names.login, port: stage().httpsPort, from, ...request });

  describe("pages of the tenant's where the UI has none", () => {
    const pages = [
      ["/", 200, "Nothing is open here"],
      ["/?state=x", 200, "Nothing is open here"],
      ["/error", 400, "That did not work"],
      ["/registration", 404, "Not available here"],
      ["/recovery", 404, "Not available here"],
      ["/verification?flow=1&code=2", 404, "Not available here"],
      ["/settings", 404, "Not available here"],
    ] as const;
    const wires = [
      { name: names.login, isHttp2: false },
      { name: names.login, isHttp2: true },
      { name: names.own, isHttp2: false },
      { name: names.own, isHttp2: true },
    ];
    test.each(wires)("at $name, HTTP/2 $isHttp2", async (wire) => {
      for (const [path, status, title] of pages) {
        const answer = await visit({ ...wire, path });
        expect([path, answer.status]).toEqual([path, status]);
        expect(answer.text).toContain(`<h1 id="title">${title}</h1>`);
        expect(answer.text).toContain('<p id="tenant">acme</p>');
        expect(answer.headers).toMatchObject({
          "content-type": "text/html; charset=utf-8",
          "cache-control": "no-store",
          "x-frame-options": "DENY",
          "strict-transport-security": expect.stringContaining("max-age=31536000"),
        });
      }
    });

    test("with a policy that lets in its own style alone, and nothing from elsewhere", async () => {
      const { headers, text } = await visit({ path: "/" });
      const [, style = ""] = /<style>(.*)<\/style>/.exec(text) ?? [];
      const hash = createHash("sha256").update(style).digest("base64");
      expect(headers["content-security-policy"]).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(text).not.toMatch(/https?:|src=|<script|\{page|\{args/);
    });

    test("with no word of what a visitor sent", async () => {
      const words = "%3Cscript%3Ealert(1)%3C/script%3E";
      const query = `error=stranger${words}&error_description=stranger&error_hint={http.request.host}`;
      for (const path of [`/error?${query}`, `/?${query}`, `/stranger${words}?${query}`]) {
        const { text } = await visit({
          path,
          headers: { ...asPage, "user-agent": "stranger", referer: "https://stranger" },
        });
        expect(text).toContain("<h1");
        expect(text).not.toMatch(/stranger|script/);
      }
    });

    test("at any other path that a browser opens", async () => {
      const opened = await visit({ path: "/link-conflict", headers: asPage });
      expect(opened).toMatchObject({ status: 404, text: expect.stringContaining("Page not found") });
      const asset = await visit({ path: "/_next/static/a.js", headers: { accept: "*/*" } });
      expect(asset).toMatchObject({ status: 404, text: "404: the UI's own words" });
    });

    test("a page that the UI has is the UI's, and so is what it answers to a form", async () => {
      expect(await visit({ path: "/login", headers: asPage })).toMatchObject({
        status: 200,
        text: "<h1>Sign in</h1>",
      });
      expect((await visit({ path: "/error", method: "POST", body: "a=b" })).text).toBe("action with 3 bytes");
    });

    test("Hydra's and Athena's sites have none", async () => {
      for (const name of [names.api, names.admin]) {
        const { status, text } = await visit({ name, path: "/", headers: asPage, from: "198.51.100.3" });
        expect([name, status, text]).toEqual([name, 404, "404: the UI's own words"]);
      }
    });

    test("what is too large, and a UI that does not answer", async () => {
      const large = await visit({ path: "/consent", method: "POST", body: "x".repeat(1_000_001) });
      expect(large).toMatchObject({ status: 413, text: expect.stringContaining("That was too much") });
      const { caddy } = stage();
      const file = await caddy.inside("cat /etc/caddy/sites/acme.caddy");
      await stage().published(
        "sites/acme.caddy",
        `${file.replaceAll(`127.0.0.1:${stage().uiPort}`, "127.0.0.1:1")}\n`,
      );
      const away = await visit({ path: "/login" });
      expect(away).toMatchObject({ status: 502, headers: { "cache-control": "no-store" } });
      expect(away.text).toContain("Not available at the moment");
      await stage().serve("edge");
    });
  });
}
