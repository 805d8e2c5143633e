import { createHash } from "node:crypto";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { athenaSite } from "../../lab/uis/athena/app.ts";
import { readAthenaEnvironment } from "../../lab/uis/athena/environment.ts";
import { serve } from "../../lab/uis/web/server.ts";
import { Browser } from "./uis.browser.ts";
import { athenaEnvironment } from "./uis.environments.ts";
import { ada, closeAll, fake, hydraAdmin, kratosAdmin, listen } from "./uis.fakes.ts";

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
let hydraKey: KeyPair;
beforeAll(async () => {
  hydraKey = await generateKeyPair("RS256", { extractable: true });
});
afterEach(closeAll);

const administrator = { ...ada, traits: { email: "ada@example.org", role: "admin" } };

async function startAthena(identity: object = administrator) {
  const kratos = await fake({ ...kratosAdmin(), [`GET /admin/identities/${ada.id}`]: { body: identity } });
  const admin = await fake(hydraAdmin());
  const jwk = { ...(await exportJWK(hydraKey.publicKey)), kid: "k", alg: "RS256", use: "sig" };
  const hydra = await fake({ "GET /.well-known/jwks.json": { body: { keys: [jwk] } } });
  const clock = { now: Date.now() };
  const environment = readAthenaEnvironment({
    ...athenaEnvironment,
    KRATOS_ADMIN_URL: kratos.url,
    AUTH_KRATOS_ADMIN_URL: kratos.url,
    HYDRA_ADMIN_URL: admin.url,
    AUTH_HYDRA_ADMIN_URL: admin.url,
    AUTH_HYDRA_URL: hydra.url,
  });
  const url = await listen(serve(athenaSite(environment, () => clock.now)));
  return { browser: new Browser(url), kratos, admin, hydra, clock };
}

type Athena = Awaited<ReturnType<typeof startAthena>>;

const idToken = (claims: JWTPayload, key = hydraKey.privateKey, alg = "RS256") =>
  new SignJWT({ sid: "hydra-session", ...claims })
    .setProtectedHeader({ alg, kid: "k" })
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(key);

const asHydraWrites = (nonce: string): JWTPayload => ({
  iss: athenaEnvironment.NEXT_PUBLIC_AUTH_HYDRA_URL,
  aud: ["athena"],
  sub: ada.id,
  nonce,
});

/** Goes to sign in and comes back with a code, for which Hydra has the token that `make` makes. */
async function signIn(
  { browser, hydra }: Athena,
  make = async (nonce: string) => idToken(asHydraWrites(nonce)),
) {
  const asked = new URL((await browser.open("/api/auth/login")).location).searchParams;
  hydra.answers["POST /oauth2/token"] = { body: { id_token: await make(asked.get("nonce") ?? "") } };
  const answer = new URLSearchParams({ code: "the-code", state: asked.get("state") ?? "" });
  return { asked, seen: await browser.open(`/api/auth/callback?${answer}`) };
}

test("health answers without Kratos, Hydra or a session", async () => {
  const site = athenaSite(readAthenaEnvironment(athenaEnvironment));
  expect((await new Browser(await listen(serve(site))).open("/api/health")).status).toBe(200);
});

describe("signing in", () => {
  test("by code and PKCE: browser to the public Hydra, server to the internal one", async () => {
    const athena = await startAthena();
    const first = await athena.browser.open("/");
    expect(first.location).toBe("/api/auth/login");
    const { asked, seen } = await signIn(athena);
    expect(seen).toMatchObject({ status: 303, location: "/" });
    const { body } = athena.hydra.calls.find((call) => call.path === "/oauth2/token") ?? {};
    expect(body).toMatchObject({
      grant_type: "authorization_code",
      client_id: "athena",
      code: "the-code",
      redirect_uri: "https://acme-admin.example/api/auth/callback",
    });
    const challenge = createHash("sha256").update(String(body?.code_verifier)).digest("base64url");
    expect(asked.get("code_challenge")).toBe(challenge);
    expect(asked.get("code_challenge_method")).toBe("S256");
    for (const cookie of athena.browser.setCookies) {
      expect(cookie).toMatch(/^__Host-[a-z-]+=[^;]*; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    }
  });

  test("is refused with another state, and without a sign-in under way", async () => {
    const athena = await startAthena();
    await athena.browser.open("/api/auth/login");
    const other = await athena.browser.open("/api/auth/callback?code=c&state=other");
    expect(other).toMatchObject({ status: 400 });
    expect(other.text).toContain("belongs to another sign-in");
    const again = await athena.browser.open("/api/auth/callback?code=c&state=other");
    expect(again.text).toContain("no sign-in under way");
    expect(athena.hydra.calls).toEqual([]);
  });

  test("is refused when it took too long", async () => {
    const athena = await startAthena();
    const { location } = await athena.browser.open("/api/auth/login");
    athena.clock.now += 16 * 60_000;
    const state = new URL(location).searchParams.get("state");
    const { text } = await athena.browser.open(`/api/auth/callback?code=c&state=${state}`);
    expect(text).toContain("it took too long");
  });

  test.each<[string, (claims: JWTPayload) => JWTPayload]>([
    ["nonce", (claims) => ({ ...claims, nonce: "another" })],
    ["issuer", (claims) => ({ ...claims, iss: "https://other-api.example" })],
    ["audience", (claims) => ({ ...claims, aud: "shop" })],
  ])("is refused with a wrong %s", async (_, change) => {
    const athena = await startAthena();
    const { seen } = await signIn(athena, (nonce) => idToken(change(asHydraWrites(nonce))));
    expect(seen).toMatchObject({ status: 400 });
    expect(seen.text).toContain("The ID token is not valid here.");
    expect(athena.browser.cookies.has("__Host-athena-session")).toBe(false);
  });

  test("is refused with an algorithm or a key that is not Hydra's", async () => {
    const athena = await startAthena();
    const shared = new TextEncoder().encode("a secret of 32 bytes or even more");
    const forgeries = [
      (nonce: string) =>
        new SignJWT(asHydraWrites(nonce))
          .setProtectedHeader({ alg: "HS256", kid: "k" })
          .setIssuedAt()
          .setExpirationTime("5m")
          .sign(shared),
      async (nonce: string) => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `${part({ alg: "none" })}.${part({ ...asHydraWrites(nonce), exp: 9e9, iat: 1 })}.`;
      },
      async (nonce: string) => idToken(asHydraWrites(nonce), (await generateKeyPair("RS256")).privateKey),
    ];
    for (const forge of forgeries) {
      expect((await signIn(athena, forge)).seen.text).toContain("The ID token is not valid here.");
    }
  });

  test("takes Hydra's issuer with a slash as well", async () => {
    const athena = await startAthena();
    const { seen } = await signIn(athena, (nonce) =>
      idToken({ ...asHydraWrites(nonce), iss: `${athenaEnvironment.NEXT_PUBLIC_AUTH_HYDRA_URL}/` }),
    );
    expect(seen.location).toBe("/");
  });
});

describe("an administrator", () => {
  test("sees identities, escaped and by pages, the clients, and whose pages these are", async () => {
    const athena = await startAthena();
    await signIn(athena);
    const { text } = await athena.browser.open("/");
    expect(text).toContain('<span id="tenant">acme-admin.example</span>');
    expect(text).toContain('<span id="operator">ada@example.org</span>');
    expect(text).toContain("&#60;script&#62;alert(1)&#60;/script&#62;@x.org");
    expect(text).toContain('href="/?page_token=second"');
    await athena.browser.open("/?page_token=second");
    const listed = athena.kratos.calls.filter((call) => call.path === "/admin/identities");
    expect(listed.at(-1)?.query.get("page_token")).toBe("second");
    expect((await athena.browser.open("/clients")).text).toContain("&#60;b&#62;Shop&#60;/b&#62;");
  });

  test("reads Kratos's admin API, and cannot write it", async () => {
    const athena = await startAthena();
    await signIn(athena);
    const { status, text, headers } = await athena.browser.open(
      "/api/kratos-admin/admin/identities?page_size=1",
    );
    expect(status).toBe(200);
    expect(JSON.parse(text)).toHaveLength(2);
    expect(headers.get("link")).toContain("page_token=second");
    const path = `/api/kratos-admin/admin/identities/${ada.id}`;
    expect((await athena.browser.open(path, { method: "DELETE" })).status).toBe(405);
    expect(athena.kratos.calls.every((call) => call.method === "GET")).toBe(true);
  });

  test("is signed out by a form, at Hydra as well", async () => {
    const athena = await startAthena();
    await signIn(athena);
    const shown = await athena.browser.open("/");
    expect(
      (await athena.browser.open("/api/auth/logout", { method: "POST", body: new URLSearchParams() })).status,
    ).toBe(403);
    expect((await athena.browser.submit(shown, {})).location).toBe("/signed-out");
    expect(athena.admin.calls.at(-1)?.query.get("sid")).toBe("hydra-session");
    expect((await athena.browser.open("/")).location).toBe("/api/auth/login");
  });

  test("is one no longer when the role, the account or the time is gone", async () => {
    const athena = await startAthena();
    await signIn(athena);
    const cookie = athena.browser.cookies.get("__Host-athena-session") ?? "";
    const account = `GET /admin/identities/${ada.id}`;
    athena.kratos.answers[account] = { body: ada };
    expect((await athena.browser.open("/")).status).toBe(403);
    athena.kratos.answers[account] = { status: 404 };
    expect((await athena.browser.open("/")).location).toBe("/api/auth/login");
    // The browser has dropped the cookie; anyone who copied it tries again.
    athena.kratos.answers[account] = { body: administrator };
    athena.browser.cookies.set("__Host-athena-session", cookie);
    expect((await athena.browser.open("/")).status).toBe(200);
    athena.clock.now += 5 * 3600_000;
    expect((await athena.browser.open("/")).location).toBe("/api/auth/login");
  });
});

describe("anyone else", () => {
  test("learns who they are and sees nothing", async () => {
    const athena = await startAthena(ada);
    await signIn(athena);
    const { status, text } = await athena.browser.open("/");
    expect(status).toBe(403);
    expect(text).toContain("<strong>ada@example.org</strong> with the role");
    expect((await athena.browser.open("/clients")).status).toBe(403);
    expect((await athena.browser.open("/api/kratos-admin/admin/identities")).status).toBe(403);
  });

  test("without a session gets 401 from the API", async () => {
    const { browser, kratos } = await startAthena();
    browser.cookies.set("__Host-athena-session", "eyJ9.forged");
    expect((await browser.open("/api/kratos-admin/admin/identities")).status).toBe(401);
    expect(kratos.calls).toEqual([]);
  });
});
