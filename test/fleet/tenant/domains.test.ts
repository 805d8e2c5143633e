import { describe, expect, test } from "vitest";
import { planTenant } from "../../../fleet/tenant/plan.ts";
import { redacted } from "../../../fleet/tenant/text.ts";
import { config, host, tenant } from "../../fixtures.ts";

const domains = ["login.acme.test", "id.acme.test"];
const own = planTenant(tenant("acme"), host, config);
const both = planTenant(tenant("acme", { domains }), host, config);
const moved = planTenant(tenant("acme", { domains, login: "login.acme.test" }), host, config);

const environment = (plan: typeof own, part: string) =>
  Object.fromEntries(
    Object.entries(plan.workloads.find((one) => one.part === part)?.env ?? {}).map(([name, value]) => [
      name,
      redacted(value),
    ]),
  );

/** Variables whose values differ. */
const differing = (before: typeof own, after: typeof own, part: string) => {
  const [old, now] = [environment(before, part), environment(after, part)];
  return Object.keys(now)
    .filter((name) => old[name] !== now[name])
    .sort();
};

const parts = own.workloads.map(({ part }) => part);

describe("a custom domain", () => {
  test("answers beside the tenant's own name, and moves nothing", () => {
    expect(both.routes[0]?.hostNames).toEqual(["acme.example.org", ...domains]);
    expect(both.urls).toEqual(own.urls);
    for (const part of parts.filter((one) => one !== "kratos"))
      expect(differing(own, both, part)).toEqual([]);
  });
  test("is where people may be sent back to", () => {
    expect(differing(own, both, "kratos")).toEqual(["SELFSERVICE_ALLOWED_RETURN_URLS"]);
    const allowed = environment(both, "kratos").SELFSERVICE_ALLOWED_RETURN_URLS;
    expect(JSON.parse(allowed ?? "")).toEqual([
      "https://acme.example.org",
      ...domains.map((name) => `https://${name}`),
      "https://acme-api.example.org",
      "https://acme-admin.example.org",
    ]);
  });
});

describe("sign-in at a custom domain", () => {
  test("moves every page that people are sent to, and nothing else", () => {
    expect(moved.urls).toEqual({ ...own.urls, login: "https://login.acme.test" });
    const pages = [...differing(both, moved, "kratos"), ...differing(both, moved, "hydra")];
    expect(pages).toEqual([
      "SELFSERVICE_DEFAULT_BROWSER_RETURN_URL",
      "SELFSERVICE_FLOWS_ERROR_UI_URL",
      "SELFSERVICE_FLOWS_LOGIN_UI_URL",
      "SELFSERVICE_FLOWS_REGISTRATION_UI_URL",
      "SELFSERVICE_FLOWS_SETTINGS_UI_URL",
      "SELFSERVICE_METHODS_TOTP_CONFIG_ISSUER",
      "URLS_CONSENT",
      "URLS_ERROR",
      "URLS_LOGIN",
      "URLS_LOGOUT",
      "URLS_POST_LOGOUT_REDIRECT",
    ]);
    for (const part of parts.filter((one) => one !== "kratos" && one !== "hydra")) {
      expect(differing(both, moved, part)).toEqual([]);
    }
    const kratos = environment(moved, "kratos");
    for (const page of pages.filter((name) => name.endsWith("_UI_URL"))) {
      expect(kratos[page]).toMatch(/^https:\/\/login\.acme\.test\/[a-z]+$/);
    }
  });
  test("leaves the issuer where it is: tokens carry it", () => {
    expect(environment(moved, "hydra").URLS_SELF_ISSUER).toBe("https://acme-api.example.org");
  });
  test("leaves the tenant's own name in use: a sign-in that began there ends there", () => {
    expect(moved.routes).toEqual(both.routes);
    const allowed = environment(moved, "kratos").SELFSERVICE_ALLOWED_RETURN_URLS;
    expect(JSON.parse(allowed ?? "")).toContain("https://acme.example.org");
  });
  test("sets no domain for cookies, so that each is one host's", () => {
    for (const part of ["kratos", "hydra", "hera"]) {
      expect(Object.keys(environment(moved, part)).filter((name) => /COOKIE.*DOMAIN/.test(name))).toEqual([]);
    }
  });
});
