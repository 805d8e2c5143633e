import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomIn, secretIn, shown } from "../../files/pasted.ts";
import { lines, releasesText, stackConfig, stackText, tenant, tenantsText } from "../fleet/fleetInput.ts";

const uri = "smtps://olympus:hunter2-Swordfish@smtp.example.com:465/";
const key = "-----BEGIN PRIVATE KEY-----";
const body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ";

describe("a secret in the file is refused by its whole message", () => {
  test.each<[string, string, ...string[]]>([
    [
      "a connection URI where the name of a secret belongs",
      `{ mail: { smtp: "${uri}" } }`,
      "tenants.yaml:3:16  tenants.t.mail.smtp: a mail server's password stands here in plain text; anyone who reads the repository has it now. Write mail: { smtp: NAME } and put a new URI into the stack: `pulumi config set --secret olympus:smtp-NAME`.",
    ],
    [
      "a long random value",
      '{ requirement: "kQ9vT2xLw8Zr4Nc7Yp1Hs6Bd3Mf5Gj0A" }',
      "tenants.yaml:3:8  tenants.t.requirement: a long random value stands here in plain text; anyone who reads the repository has it now. Write nothing secret here: remove it, and replace it where it is used.",
    ],
    [
      "a private key as a block",
      `\n    requirement: |\n      ${key}\n      ${body}\n`,
      "tenants.yaml:4:5  tenants.t.requirement: a private key stands here in plain text; anyone who reads the repository has it now. Write nothing secret here: remove it, and replace it where it is used.",
    ],
    [
      "a key that is unknown as well",
      `{ smtpUri: "${uri}" }`,
      "tenants.yaml:3:8  tenants.t.smtpUri: a mail server's password stands here in plain text; anyone who reads the repository has it now. Write mail: { smtp: NAME } and put a new URI into the stack: `pulumi config set --secret olympus:smtp-NAME`.",
    ],
    [
      "a comment",
      `{} # was ${uri}`,
      "tenants.yaml:3:3  tenants.t: a mail server's password stands here in plain text; anyone who reads the repository has it now. Write mail: { smtp: NAME } and put a new URI into the stack: `pulumi config set --secret olympus:smtp-NAME`.",
    ],
  ])("%s", (_what, fields, ...messages) => {
    expect(lines(tenant(fields))).toEqual(messages);
  });

  test("a key pasted into the text, which then is not YAML", () => {
    expect(lines({ tenants: `${tenantsText}${key}\n${body}\n` })).toEqual([
      "tenants.yaml:47:1  [...]: a private key stands here in plain text; anyone who reads the repository has it now. Write nothing secret here: remove it, and replace it where it is used.",
    ]);
  });

  test("an SMTP secret that was set without --secret", () => {
    const text = `${stackText}  olympus:smtp-main: ${uri}\n`;
    expect(lines({ config: { ...stackConfig, "smtp-main": uri }, stackText: text })).toEqual([
      "Pulumi.prod.yaml:25:3  olympus:smtp-main: a mail server's password stands here in plain text; anyone who reads the repository has it now. Write it with `pulumi config set --secret`, which encrypts it; replace this one where it is used.",
    ]);
  });
});

describe("in the stack's configuration", () => {
  const told = (address: string, text: string) =>
    lines({
      config: {
        ...stackConfig,
        hosts: { "eu-1": { address, memory: "16GiB" } },
        elsewhere: ["eu-2", "us-1"],
      },
      stackText: stackText.replace(/ {4}eu-1:[\s\S]*? {4}eu-2:/, `${text}\n    eu-2:`),
    });
  const fault =
    "olympus:hosts.eu-1.address: a password inside a URI stands here in plain text; anyone who reads the repository has it now. Write nothing secret here: remove it, and replace it where it is used.";

  test("a password in a host's address is told once, at the address", () => {
    const address = "ssh://deploy:pa55word@eu-1.example.com";
    expect(told(address, `    eu-1:\n      address: ${address}\n      memory: 16GiB`)).toEqual([
      `Pulumi.prod.yaml:5:7  ${fault}`,
    ]);
    expect(told(address, `    eu-1: { address: "${address}", memory: 16GiB }`)).toEqual([
      `Pulumi.prod.yaml:4:13  ${fault}`,
    ]);
  });

  test("a token for Cloudflare that YAML reads as a number", () => {
    const [line] = lines({
      config: stackConfig,
      stackText: `${stackText}  olympus:cloudflareApiToken: 12345\n`,
    });
    expect(line).toBe(
      "Pulumi.prod.yaml:25:3  olympus:cloudflareApiToken: stands here in plain text; anyone who reads the repository has it now. Revoke it at Cloudflare, and write a new one with `pulumi config set --secret olympus:cloudflareApiToken`.",
    );
  });
});

describe("no message repeats a secret", () => {
  const places: readonly ((secret: string) => { tenants?: string; releases?: string; config?: unknown })[] = [
    ...[
      "host",
      "release",
      "size",
      "ring",
      "state",
      "shape",
      "domains",
      "admin",
      "mail",
      "cors",
      "clients",
      "schemas",
      "images",
      "secrets",
      "network",
      "requirement",
      "password",
    ].map((field) => (secret: string) => tenant(`{ ${field}: ${JSON.stringify(secret)} }`)),
    (secret) => tenant(`{ ${JSON.stringify(secret)}: x }`),
    (secret) => tenant(JSON.stringify(secret)),
    (secret) => tenant(`{ domains: [${JSON.stringify(secret)}] }`),
    (secret) => tenant(`{ admin: { allow: [${JSON.stringify(secret)}], email: ${JSON.stringify(secret)} } }`),
    (secret) =>
      tenant(`{ clients: { ${JSON.stringify(secret)}: { redirectUris: [${JSON.stringify(secret)}] } } }`),
    (secret) => tenant(`{ images: { kratos: ${JSON.stringify(secret)} } }`),
    (secret) => ({
      tenants: `defaults: { mail: ${JSON.stringify(secret)} }\ntenants: { ${JSON.stringify(secret)}: {} }`,
    }),
    (secret) => ({ tenants: `${tenantsText}${secret}` }),
    (secret) => ({ tenants: `rings: [${JSON.stringify(secret)}, ${JSON.stringify(secret)}]\ntenants: {}` }),
    (secret) => ({ releases: releasesText.replace("docker.io/oryd/kratos:v26.2.0", secret) }),
    (secret) => ({
      config: { ...stackConfig, domain: secret, tls: { mode: secret }, elsewhere: [secret], [secret]: 1 },
    }),
    (secret) => ({
      config: {
        ...stackConfig,
        hosts: { [secret]: { address: secret, memory: secret, networkPool: secret } },
      },
    }),
  ];
  const base64 = fc
    .uint8Array({ minLength: 32, maxLength: 48 })
    .map((bytes) => Buffer.from(bytes).toString("base64"));
  const hex = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
  const password = fc.stringMatching(/^[a-z][a-zA-Z0-9!$*]{8,20}$/);
  const secrets = fc.oneof(
    base64.filter((text) => randomIn(text) !== undefined),
    hex.filter((text) => randomIn(text) !== undefined),
    password.map((word) => `smtps://olympus:${word}@smtp.example.com:465/`),
  );

  test("wherever it was pasted", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), secrets, (place, secret) => {
        const [, inUri] = /:([^:@/]+)@/.exec(secret) ?? [];
        const message = lines(place(secret)).join("\n");
        expect(message).not.toBe("");
        expect(message).not.toContain(inUri ?? secret.slice(4, 20));
      }),
      { numRuns: 200 },
    );
  });
});

describe("what looks random", () => {
  test("are nearly all values that a generator makes", () => {
    const generated = fc.sample(
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
      { numRuns: 1000, seed: 42 },
    );
    // fast-check likes edges (all zeros); those are no secrets.
    const varied = generated.filter((bytes) => new Set(bytes).size > 20);
    for (const encoding of ["base64", "base64url", "hex"] as const) {
      const missed = varied.filter((bytes) => randomIn(bytes.toString(encoding)) === undefined);
      expect(missed.length / varied.length).toBeLessThan(0.02);
    }
  });

  test.each([
    "SOC 2 letter of 2026-03-02, section 4",
    "https://app.bigcorp.com/api/auth/callback/keycloak-production-2026",
    "https://login-eu-west-1.internal.bigcorp-holding-international.com/v1/callback",
    "550e8400-e29b-41d4-a716-446655440000",
    "OurVeryLongMobileApplicationName2026",
    "com.bigcorp.internationalmobileapplication:/oauth2redirect",
    "openid offline_access email profile urn:bigcorp:scopes:read-everything",
    "Contract 4711/2026 of 12 March 2026 with BIGCORP-HOLDING-INTERNATIONAL-AG-2026-03",
    "ISO27001-AnnexA-8.31-2022",
  ])("is not %s", (text) => {
    expect(secretIn(text) ?? randomIn(text)).toBeUndefined();
  });

  test.each([
    ["an AWS key", "AKIAIOSFODNN7EXAMPLE"],
    ["a forge's token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["a signed token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
    ["an age key", "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQ"],
    ["a database's URI", "postgres://kratos:s3cret@db:5432/kratos"],
  ])("%s is known by its form", (_what, text) => {
    expect(secretIn(text)).toBeDefined();
    expect(shown(text)).toBe("this value");
  });
});
