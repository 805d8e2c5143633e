import { describe, expect, test } from "vitest";
import { lines, tenant } from "../fleet/fleetInput.ts";

/** One tenant with these fields, and the whole of what its author reads. */
type Refusal = readonly [fields: string, ...messages: string[]];

const hostNamesAndOrigins: readonly Refusal[] = [
  [
    "{ domains: [https://login.x.com/] }",
    'tenants.yaml:3:18  tenants.t.domains[0]: "https://login.x.com/" is not a host name. Write login.x.com.',
  ],
  [
    '{ domains: ["*.x.com"] }',
    'tenants.yaml:3:18  tenants.t.domains[0]: "*.x.com" is not a host name: a certificate is made per name, not for a wildcard. Write each name, such as login.x.com.',
  ],
  [
    "{ domains: [LOGIN.x.com] }",
    'tenants.yaml:3:18  tenants.t.domains[0]: "LOGIN.x.com" is not a host name. Write login.x.com.',
  ],
  [
    "{ domains: [localhost] }",
    'tenants.yaml:3:18  tenants.t.domains[0]: "localhost" is not a host name. Write lower-case labels with dots between them, such as login.bigcorp.com.',
  ],
  [
    "{ domains: [login.example.123] }",
    'tenants.yaml:3:18  tenants.t.domains[0]: "login.example.123" is not a host name: its last label is a number, and browsers take it for an address. Write lower-case labels with dots between them, such as login.bigcorp.com.',
  ],
  [
    "{ domains: [login.0x1f] }",
    'tenants.yaml:3:18  tenants.t.domains[0]: "login.0x1f" is not a host name. Write lower-case labels with dots between them, such as login.bigcorp.com.',
  ],
  [
    "{ login: xn--a.com, domains: [xn--a.com] }",
    'tenants.yaml:3:8  tenants.t.login: "xn--a.com" is not a host name: its label with xn-- stands for no text. Write lower-case labels with dots between them, such as login.bigcorp.com.',
    'tenants.yaml:3:36  tenants.t.domains[0]: "xn--a.com" is not a host name: its label with xn-- stands for no text. Write lower-case labels with dots between them, such as login.bigcorp.com.',
  ],
  [
    "{ domains: [10.0.0.1] }",
    'tenants.yaml:3:18  tenants.t.domains[0]: "10.0.0.1" is not a host name. Write lower-case labels with dots between them, such as login.bigcorp.com.',
  ],
  [
    "{ domains: [a.com, a.com] }",
    "tenants.yaml:3:25  tenants.t.domains[1]: stands in the list twice (also at [0]). Write it once.",
  ],
  [
    "{ domains: [t.id.example.com] }",
    "tenants.yaml:3:18  tenants.t.domains[0]: t.id.example.com is what tenant t gets by its name. Write a name outside the stack's domain, or remove the line.",
  ],
  [
    "{ domains: [t-api.id.example.com] }",
    "tenants.yaml:3:18  tenants.t.domains[0]: t-api.id.example.com is what tenant t gets by its name. Write a name outside the stack's domain, or remove the line.",
  ],
  [
    "{ domains: [foo.id.example.com] }",
    "tenants.yaml:3:18  tenants.t.domains[0]: foo.id.example.com is kept for a tenant called foo. Write a name outside the stack's domain, or remove the line.",
  ],
  [
    "{ domains: [www.id.example.com] }",
    "tenants.yaml:3:18  tenants.t.domains[0]: www.id.example.com is reserved for the fleet itself. Write a name outside the stack's domain, or remove the line.",
  ],
  [
    "{ domains: [id.example.com] }",
    "tenants.yaml:3:18  tenants.t.domains[0]: id.example.com is the stack's domain itself. Write a name outside the stack's domain, or remove the line.",
  ],
  [
    "{ domains: [login.t.id.example.com] }",
    "tenants.yaml:3:18  tenants.t.domains[0]: login.t.id.example.com lies below the stack's domain. Write a name outside the stack's domain, or remove the line.",
  ],
  [
    "{ domains: [login.x.com.] }",
    'tenants.yaml:3:18  tenants.t.domains[0]: "login.x.com." is not a host name. Write login.x.com.',
  ],
  [
    "{ login: login.x.com }",
    "tenants.yaml:3:8  tenants.t.login: login.x.com is not one of the tenant's domains (it has none). Write it in domains too: [login.x.com].",
  ],
  [
    "{ domains: [login.x.com, id.x.com], login: logn.x.com }",
    "tenants.yaml:3:42  tenants.t.login: logn.x.com is not one of the tenant's domains (login.x.com, id.x.com). Did you mean login.x.com?",
  ],
  [
    "{ login: t.id.example.com }",
    "tenants.yaml:3:8  tenants.t.login: t.id.example.com is where people sign in anyway. Remove the line.",
  ],
  [
    "{ domains: [login.x.com], login: Login.x.com }",
    'tenants.yaml:3:32  tenants.t.login: "Login.x.com" is not a host name. Write login.x.com.',
  ],
  [
    "{ cors: ['*'] }",
    'tenants.yaml:3:15  tenants.t.cors[0]: "*" lets sites call with a person\'s session that nobody has looked at. Write each origin by itself, such as https://app.bigcorp.com.',
  ],
  [
    "{ cors: [app.x.com] }",
    'tenants.yaml:3:15  tenants.t.cors[0]: "app.x.com" is not an origin. Write https://app.x.com.',
  ],
  [
    "{ cors: [https://app.x.com/] }",
    'tenants.yaml:3:15  tenants.t.cors[0]: "https://app.x.com/" is not an origin: scheme, host and port, nothing behind. Write https://app.x.com.',
  ],
  [
    "{ cors: [http://app.x.com] }",
    'tenants.yaml:3:15  tenants.t.cors[0]: "http://app.x.com" is not encrypted, and codes would cross the network in the open. Write https://app.x.com; plain http is for localhost only.',
  ],
];

const administratorsAndMail: readonly Refusal[] = [
  // Kratos takes none of these, and the bootstrap step would fail in the middle of `up`.
  [
    '{ admin: { email: "a..b@x.com" } }',
    'tenants.yaml:3:17  tenants.t.admin.email: "a..b@x.com" is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
  [
    '{ admin: { email: ".a@x.com" } }',
    'tenants.yaml:3:17  tenants.t.admin.email: ".a@x.com" is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
  [
    '{ admin: { email: "a.@x.com" } }',
    'tenants.yaml:3:17  tenants.t.admin.email: "a.@x.com" is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
  [
    '{ admin: { email: "a[b@x.com" } }',
    'tenants.yaml:3:17  tenants.t.admin.email: "a[b@x.com" is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
  [
    '{ admin: { email: "{env.HOME}@x.com" } }',
    'tenants.yaml:3:17  tenants.t.admin.email: "{env.HOME}@x.com" is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
  [
    '{ admin: { email: "a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com" } }',
    'tenants.yaml:3:17  tenants.t.admin.email: "a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb..." is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
  [
    "{ admin: { email: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x.com } }",
    'tenants.yaml:3:17  tenants.t.admin.email: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..." has 65 characters in front of the @, and 64 are the most. Write a shorter address.',
  ],
  [
    "{ admin: { email: ops } }",
    'tenants.yaml:3:17  tenants.t.admin.email: "ops" is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
  [
    "{ admin: { email: Bob <bob@x.com> } }",
    'tenants.yaml:3:17  tenants.t.admin.email: "Bob <bob@x.com>" is not an e-mail address. Write bob@x.com.',
  ],
  [
    "{ admin: { allow: 10.0.0.0/8 } }",
    "tenants.yaml:3:17  tenants.t.admin.allow: is text and must be a list. Write allow: [10.0.0.0/8].",
  ],
  [
    "{ admin: { allow: [10.0.0.0/33] } }",
    'tenants.yaml:3:25  tenants.t.admin.allow[0]: the prefix length of "10.0.0.0/33" is not a number from 1 to 32. Write 10.0.0.0/32 for this one address.',
  ],
  [
    '{ admin: { allow: ["2001:db8::"] } }',
    'tenants.yaml:3:25  tenants.t.admin.allow[0]: "2001:db8::" has no prefix length. Write the length of the network, such as 2001:db8::/48.',
  ],
  [
    "{ admin: { allow: [10.1.0.0/8] } }",
    'tenants.yaml:3:25  tenants.t.admin.allow[0]: "10.1.0.0/8" has bits set behind its prefix. Write 10.0.0.0/8 for the range, or 10.1.0.0/32 for the one address.',
  ],
  [
    "{ admin: { allow: [0.0.0.0/0] } }",
    "tenants.yaml:3:25  tenants.t.admin.allow[0]: 0.0.0.0/0 opens the admin vhost to the whole internet. Write the ranges of your office or VPN, such as 198.51.100.0/24.",
  ],
  [
    '{ admin: { allow: ["::/0"] } }',
    "tenants.yaml:3:25  tenants.t.admin.allow[0]: ::/0 opens the admin vhost to the whole internet. Write the ranges of your office or VPN, such as 198.51.100.0/24.",
  ],
  [
    "{ admin: { allow: [office] } }",
    'tenants.yaml:3:25  tenants.t.admin.allow[0]: "office" is not a range of addresses. Write one such as 198.51.100.0/24 or 2001:db8::/48.',
  ],
  [
    "{ mail: { smtp: main, from: Bob } }",
    'tenants.yaml:3:28  tenants.t.mail.from: "Bob" is not an e-mail address. Write one such as ops@bigcorp.com.',
  ],
];

const clients: readonly Refusal[] = [
  [
    "{ clients: { athena-client: { redirectUris: [https://x.com/] } } }",
    'tenants.yaml:3:19  tenants.t.clients.athena-client: "athena-client" is kept for the admin UI\'s own client. Write another id, such as shop.',
  ],
  [
    "{ clients: { shop: { redirectUris: [] } } }",
    "tenants.yaml:3:27  tenants.t.clients.shop.redirectUris: the list is empty. Write redirectUris: [https://app.bigcorp.com/callback], for example.",
  ],
  [
    "{ clients: { shop: { redirectUris: ['https://*.x.com/'] } } }",
    'tenants.yaml:3:42  tenants.t.clients.shop.redirectUris[0]: "https://*.x.com/" has a wildcard, and redirect URIs are compared letter by letter. Write each URI in full, such as https://app.bigcorp.com/callback.',
  ],
  [
    "{ clients: { shop: { redirectUris: ['http://x.com/cb'] } } }",
    'tenants.yaml:3:42  tenants.t.clients.shop.redirectUris[0]: "http://x.com/cb" is not encrypted, and codes would cross the network in the open. Write https://x.com/cb; plain http is for localhost only.',
  ],
  [
    "{ clients: { shop: { redirectUris: ['https://x.com/#a'] } } }",
    'tenants.yaml:3:42  tenants.t.clients.shop.redirectUris[0]: "https://x.com/#a" has a fragment, which OAuth2 forbids here. Write https://x.com/.',
  ],
  [
    "{ clients: { shop: { redirectUris: ['https://x.com/'], scope: 'a,b' } } }",
    'tenants.yaml:3:61  tenants.t.clients.shop.scope: "a,b" is not a scope. Write words with one space between, such as openid offline_access.',
  ],
  [
    "{ clients: { shop: { redirectUris: ['javascript:alert(1)'] } } }",
    'tenants.yaml:3:42  tenants.t.clients.shop.redirectUris[0]: "javascript:alert(1)" is not a redirect URI. Write the full URI, such as https://app.bigcorp.com/callback or com.bigcorp.app:/callback.',
  ],
  [
    "{ clients: { shop: { redirectUris: ['https://x.com/'], kind: publik } } }",
    'tenants.yaml:3:61  tenants.t.clients.shop.kind: "publik" is neither public nor confidential. Did you mean public?',
  ],
];

const schemasAndImages: readonly Refusal[] = [
  [
    "{ schemas: { default: x.json } }",
    "tenants.yaml:3:19  tenants.t.schemas.default: the schema default is built in. Write another id, such as staff.",
  ],
  [
    "{ schemas: { staff: /etc/passwd } }",
    'tenants.yaml:3:19  tenants.t.schemas.staff: "/etc/passwd" is not the path of a JSON file inside the repository. Write one such as schemas/staff.json.',
  ],
  [
    "{ schemas: { staff: ../x.json } }",
    'tenants.yaml:3:19  tenants.t.schemas.staff: "../x.json" is not the path of a JSON file inside the repository. Write one such as schemas/staff.json.',
  ],
  [
    "{ images: { kratos: oryd/kratos } }",
    'tenants.yaml:3:18  tenants.t.images.kratos: "oryd/kratos" has neither tag nor digest, which means whatever is newest. Write oryd/kratos:TAG or oryd/kratos@sha256:DIGEST.',
  ],
  [
    "{ images: { kratos: 'oryd/kratos:latest' } }",
    "tenants.yaml:3:18  tenants.t.images.kratos: the tag latest floats: two hosts, or one host on two days, would run different images. Write oryd/kratos@sha256:DIGEST; `docker buildx imagetools inspect oryd/kratos:latest` shows the digest.",
  ],
  [
    "{ images: { kratos: 'oryd/kratos:v26' } }",
    "tenants.yaml:3:18  tenants.t.images.kratos: the tag v26 floats: two hosts, or one host on two days, would run different images. Write oryd/kratos@sha256:DIGEST; `docker buildx imagetools inspect oryd/kratos:v26` shows the digest.",
  ],
  [
    "{ images: { kratos: 'oryd/kratos@sha256:abc' } }",
    'tenants.yaml:3:18  tenants.t.images.kratos: "@sha256:abc" is not a digest: sha256 has 64 digits of 0-9a-f, this has 3. Write oryd/kratos@sha256: and the 64 digits that the registry shows.',
  ],
  [
    "{ images: { kratos: 'oryd/kratos@md5:abc' } }",
    'tenants.yaml:3:18  tenants.t.images.kratos: "@md5:abc" is not a digest. Write oryd/kratos@sha256: and the 64 digits that the registry shows.',
  ],
  [
    "{ images: { kratos: 'deploy:hunter2@registry.x.com/kratos:v1' } }",
    'tenants.yaml:3:18  tenants.t.images.kratos: has something in front of an @, as where a user and a password stand, and anyone who reads the file has it now. Write "registry.x.com/kratos:v1" alone, and replace the password where it is used.',
  ],
  [
    "{ images: { kratos: 'Oryd/Kratos:v1.2' } }",
    'tenants.yaml:3:18  tenants.t.images.kratos: "Oryd/Kratos:v1.2" is not an image reference. Write name:tag or name:tag@sha256:..., such as docker.io/oryd/kratos:v26.2.0.',
  ],
  [
    "{ images: { krato: 'oryd/kratos:v1.2' } }",
    "tenants.yaml:3:18  tenants.t.images.krato: there is no such key. Did you mean kratos?",
  ],
  [
    "{ images: { postgres: 'postgres:17.2' } }",
    "tenants.yaml:3:18  tenants.t.images.postgres: this is Postgres 17, and release 2026.11 is for 18: it could not read the volume. Write an image of version 18, or name a release for 17.",
  ],
];

describe.each([
  ["host names and origins", hostNamesAndOrigins],
  ["administrators and mail", administratorsAndMail],
  ["clients", clients],
  ["schemas and images", schemasAndImages],
] as const)("%s", (_topic, refusals) => {
  test.each(refusals)("t: %s", (fields, ...messages) => {
    expect(lines(tenant(fields))).toEqual(messages);
  });
});
