import { describe, expect, test } from "vitest";
import { lines, tenant } from "../fleet/fleetInput.ts";

/** One tenant with these fields, and the whole of what its author reads. */
type Refusal = readonly [fields: string, ...messages: string[]];

const references: readonly Refusal[] = [
  [
    "{ host: locla }",
    'tenants.yaml:3:8  tenants.t.host: "locla" is not a host of stack prod (local). Did you mean local?',
  ],
  [
    '{ release: "2026.1" }',
    'tenants.yaml:3:8  tenants.t.release: "2026.1" is not a release of releases.yaml (2026.10, 2026.11). Did you mean 2026.10 or 2026.11?',
  ],
  [
    "{ release: summer }",
    'tenants.yaml:3:8  tenants.t.release: "summer" is not a release of releases.yaml (2026.10, 2026.11). Write one of these, or add it to releases.yaml.',
  ],
  [
    "{ ring: canary }",
    'tenants.yaml:3:8  tenants.t.ring: "canary" is not one of the rings (stable). Write one of these, or add it to rings, at its place in the order.',
  ],
  [
    "{ mail: { smtp: mian } }",
    "tenants.yaml:3:16  tenants.t.mail.smtp: stack prod has no secret olympus:smtp-mian (it has smtp-main, smtp-bulk). Did you mean main?",
  ],
  [
    "{ mail: { smtp: nothing-like-it } }",
    "tenants.yaml:3:16  tenants.t.mail.smtp: stack prod has no secret olympus:smtp-nothing-like-it (it has smtp-main, smtp-bulk). Write it with `pulumi config set --secret olympus:smtp-nothing-like-it`, or mail: none.",
  ],
  [
    "{ schemas: { staff: nope.json } }",
    "tenants.yaml:3:19  tenants.t.schemas.staff: there is no file nope.json. Write the path from the folder of tenants.yaml, or add the file.",
  ],
];

const uris = 'redirectUris: ["https://app.example.org/cb"]';
const defaultClients: readonly Refusal[] = [
  [
    "{ defaultClient: shop }",
    'tenants.yaml:3:8  tenants.t.defaultClient: "shop" is not one of the tenant\'s clients (it has none). Write one of its clients, or remove the line.',
  ],
  [
    `{ defaultClient: shpo, clients: { shop: { ${uris} } } }`,
    'tenants.yaml:3:8  tenants.t.defaultClient: "shpo" is not one of the tenant\'s clients (shop). Did you mean shop?',
  ],
  [
    `{ defaultClient: shop, clients: { shop: { ${uris} } } }`,
    "tenants.yaml:3:8  tenants.t.defaultClient: client shop is public, and Hera sends people there without PKCE, which Hydra refuses for such a client. Write a client with kind: confidential, or remove the line.",
  ],
  [
    `{ defaultClient: shop, clients: { shop: { ${uris}, kind: confidential } } }`,
    "tenants.yaml:3:8  tenants.t.defaultClient: Hera asks for the scopes openid, profile, email, and client shop may not ask for profile, email. Write scope: openid offline_access profile email at the client, or remove the line.",
  ],
];

const kindsOfValues: readonly Refusal[] = [
  ["{ hots: local }", "tenants.yaml:3:8  tenants.t.hots: there is no such key. Did you mean host?"],
  ["{ host: 5 }", 'tenants.yaml:3:8  tenants.t.host: YAML does not read 5 as text. Write it in quotes: "5".'],
  ["{ host: }", "tenants.yaml:3:8  tenants.t.host: is empty. Write host: eu-2, for example."],
  [
    "{ host: [local] }",
    "tenants.yaml:3:8  tenants.t.host: must be text, and is a list. Write host: eu-2, for example.",
  ],
  [
    "{ release: 2026.10 }",
    'tenants.yaml:3:8  tenants.t.release: YAML does not read 2026.10 as text. Write it in quotes: "2026.10".',
  ],
  [
    "{ size: 5 }",
    'tenants.yaml:3:8  tenants.t.size: "5" is not one of small, medium, large, a map. Write size: small or size: medium or size: large or size: { base: medium, postgres: 1GiB }.',
  ],
  [
    "{ size: [small] }",
    "tenants.yaml:3:8  tenants.t.size: must be text or a map, and is a list. Write size: medium, for example.",
  ],
  [
    "{ size: smal }",
    'tenants.yaml:3:8  tenants.t.size: "smal" is not one of small, medium, large, a map. Did you mean small?',
  ],
  [
    "{ size: { nginx: 20MiB } }",
    "tenants.yaml:3:16  tenants.t.size.nginx: there is no such key. Write one of base, postgres, kratos, hydra, hera, athena, or remove the line.",
  ],
  [
    "{ state: actve }",
    'tenants.yaml:3:8  tenants.t.state: "actve" is not one of active, suspended, retired. Did you mean active?',
  ],
  [
    "{ state: Suspended }",
    'tenants.yaml:3:8  tenants.t.state: "Suspended" is not one of active, suspended, retired. Did you mean suspended?',
  ],
  [
    "{ state: off }",
    'tenants.yaml:3:8  tenants.t.state: "off" is not one of active, suspended, retired. Write state: active or state: suspended or state: retired.',
  ],
  [
    "{ mail: no }",
    'tenants.yaml:3:8  tenants.t.mail: "no" is neither none nor a map. Write mail: none or mail: { smtp: main, from: no-reply@bigcorp.com }.',
  ],
  [
    "{ mail: { from: a@b.c } }",
    "tenants.yaml:3:8  tenants.t.mail.smtp: is missing. Write smtp: main, for example.",
  ],
  [
    "{ domains: login.x.com }",
    "tenants.yaml:3:8  tenants.t.domains: is text and must be a list. Write domains: [login.x.com].",
  ],
  [
    "{ admin: ops@x.com }",
    "tenants.yaml:3:8  tenants.t.admin: must be a map, and is text. Write admin: { email: ops@bigcorp.com, allow: [198.51.100.0/24] }, for example.",
  ],
  [
    "{ clients: [shop] }",
    "tenants.yaml:3:8  tenants.t.clients: must be a map, and is a list. Write clients: { shop: { redirectUris: [https://app.bigcorp.com/callback] } }, for example.",
  ],
  [
    "{ secrets: { generation: 0 } }",
    "tenants.yaml:3:19  tenants.t.secrets.generation: 0 is outside 1 to 1000. Write generation: 2, for example.",
  ],
  [
    "{ secrets: { generation: 1.5 } }",
    "tenants.yaml:3:19  tenants.t.secrets.generation: must be a whole number, and is 1.5. Write generation: 2, for example.",
  ],
  [
    '{ secrets: { generation: "2" } }',
    "tenants.yaml:3:19  tenants.t.secrets.generation: must be a whole number, and is text. Write generation: 2 without quotes.",
  ],
  [
    "{ secrets: { generation: 2, oldest: 3 } }",
    "tenants.yaml:3:34  tenants.t.secrets.oldest: 3 is newer than generation 2, so that nothing could be read with any secret. Write oldest: 2 at most.",
  ],
  [
    "{ clients: { shop: { redirectUris: [https://a.b.com/], kind: confidential, secretGeneration: 2 } } }",
    "tenants.yaml:3:81  tenants.t.clients.shop.secretGeneration: 2 is newer than the tenant's generation 1. Write secretGeneration: 1 at most, or secrets: { generation: 2 }.",
  ],
  [
    "{ clients: { shop: { redirectUris: [https://a.b.com/], secretGeneration: 1 } } }",
    "tenants.yaml:3:61  tenants.t.clients.shop.secretGeneration: shop is public, and has no secret. Remove the line, or write kind: confidential.",
  ],
  [
    "{ secrets: { oldest: 0, generation: 2 } }",
    "tenants.yaml:3:19  tenants.t.secrets.oldest: 0 is outside 1 to 1000. Write oldest: 2, for example.",
  ],
  [
    "{ secrets: { oldest: 2 } }",
    "tenants.yaml:3:19  tenants.t.secrets.oldest: 2 is newer than generation 1, so that nothing could be read with any secret. Write oldest: 1 at most.",
  ],
  [
    "{ secrets: 2 }",
    "tenants.yaml:3:8  tenants.t.secrets: must be a map, and is 2. Write secrets: { generation: 2 }, for example.",
  ],
  [
    "{ requirement: 5 }",
    'tenants.yaml:3:8  tenants.t.requirement: YAML does not read 5 as text. Write it in quotes: "5".',
  ],
  [
    "{host:local}",
    "tenants.yaml:3:7  tenants.t.host:local: there is no space behind the colon. Write host: and then the value.",
  ],
  ["nothing", "tenants.yaml:3:3  tenants.t: must be a map, and is text. Write t: {}, for example."],
  ["[a]", "tenants.yaml:3:3  tenants.t: must be a map, and is a list. Write t: {}, for example."],
  [
    "{ clients: { shop: { redirect_uris: ['https://x.com/'] } } }",
    "tenants.yaml:3:27  tenants.t.clients.shop.redirect_uris: there is no such key. Did you mean redirectUris?",
  ],
  [
    "{ clients: { shop: } }",
    "tenants.yaml:3:19  tenants.t.clients.shop: is empty. Write shop: { redirectUris: [https://app.bigcorp.com/callback] }, for example.",
  ],
];

const whatALaterVersionBrings: readonly Refusal[] = [
  [
    "{ shape: dual }",
    "tenants.yaml:3:8  tenants.t.shape: dual comes with a later version. Write shape: single, or remove the line.",
  ],
  [
    "{ backup: {} }",
    "tenants.yaml:3:8  tenants.t.backup: backup comes with a later version. Write the tenant without this line.",
  ],
  [
    "{ purge: t }",
    'tenants.yaml:3:8  tenants.t.purge: "t" is not the tenant\'s name and a day. Write both, the day on which its data is to be deleted: purge: "acme 2026-11-28", for example.',
  ],
  [
    "{ state: retired, purge: t 2026-02-30 }",
    'tenants.yaml:3:24  tenants.t.purge: "t 2026-02-30" is not the tenant\'s name and a day. Write both, the day on which its data is to be deleted: purge: "acme 2026-11-28", for example.',
  ],
  [
    "{ state: retired, purge: acme 2026-11-24 }",
    'tenants.yaml:3:24  tenants.t.purge: names acme, and this is t. Write purge: "t 2026-11-24", if the data of t is to be deleted; if not, remove the line.',
  ],
  [
    "{ state: suspended, purge: t 2026-11-24 }",
    "tenants.yaml:3:26  tenants.t.purge: t is suspended, and only a tenant that is retired can be purged. Write state: retired in place of this line, pulumi up, and this line after that.",
  ],
  [
    "{ purge: t 2026-11-24 }",
    "tenants.yaml:3:8  tenants.t.purge: t is active, and only a tenant that is retired can be purged. Write state: retired in place of this line, pulumi up, and this line after that.",
  ],
];

const memory: readonly Refusal[] = [
  [
    "{ size: { kratos: 192 } }",
    'tenants.yaml:3:16  tenants.t.size.kratos: "192" has no unit. Write 192MiB or another amount in MiB or GiB.',
  ],
  [
    "{ size: { kratos: 192M } }",
    'tenants.yaml:3:16  tenants.t.size.kratos: "192M" is not written in MiB or GiB. Write 192MiB.',
  ],
  [
    "{ size: { kratos: 2g } }",
    'tenants.yaml:3:16  tenants.t.size.kratos: "2g" is not written in MiB or GiB. Write 2GiB.',
  ],
  [
    "{ size: { kratos: 64KiB } }",
    'tenants.yaml:3:16  tenants.t.size.kratos: "64KiB" is not a whole amount of MiB or GiB. Write 192MiB or 2GiB, for example.',
  ],
  [
    "{ size: { kratos: 0.3GiB } }",
    'tenants.yaml:3:16  tenants.t.size.kratos: "0.3GiB" is not a whole amount of MiB or GiB. Write 192MiB or 2GiB, for example.',
  ],
  [
    "{ size: { kratos: 0MiB } }",
    'tenants.yaml:3:16  tenants.t.size.kratos: "0MiB" is not a whole amount of MiB or GiB. Write 192MiB or 2GiB, for example.',
  ],
  [
    "{ size: { kratos: lots } }",
    'tenants.yaml:3:16  tenants.t.size.kratos: "lots" is not an amount of memory. Write 192MiB or 2GiB, for example.',
  ],
  [
    "{ size: { kratos: 20MiB } }",
    "tenants.yaml:3:16  tenants.t.size.kratos: 20MiB is less than kratos was measured to use (52MiB). Write 52MiB or more.",
  ],

  [
    "{ size: { hera: 192MiB } }",
    "tenants.yaml:3:16  tenants.t.size.hera: 192MiB is too little: at 192MiB hera kept half of a processor core busy for good after a minute of use, and it was first seen to do well at 256MiB. Write 256MiB or more.",
  ],
  [
    "{ size: { athena: 0.25GiB, hera: 255MiB } }",
    "tenants.yaml:3:33  tenants.t.size.hera: 255MiB is too little: at 192MiB hera kept half of a processor core busy for good after a minute of use, and it was first seen to do well at 256MiB. Write 256MiB or more.",
  ],
  [
    "{ size: { base: tiny } }",
    'tenants.yaml:3:16  tenants.t.size.base: "tiny" is not one of small, medium, large. Write base: small or base: medium or base: large.',
  ],
];

const networks: readonly Refusal[] = [
  [
    "{ network: 10.192.0.0/28 }",
    "tenants.yaml:3:8  tenants.t.network: 10.192.0.0/28 is not in the lower half of host local's networkPool 10.128.0.0/9. Write a /28 from there, such as 10.128.0.0/28, or remove the line: the name then decides.",
  ],
  [
    "{ network: 10.128.0.1/28 }",
    'tenants.yaml:3:8  tenants.t.network: "10.128.0.1/28" is not a /28 range of IPv4 addresses. Write one such as 10.128.4.16/28, or remove the line: the name then decides.',
  ],
  [
    "{ network: 10.128.0.0/24 }",
    'tenants.yaml:3:8  tenants.t.network: "10.128.0.0/24" is not a /28 range of IPv4 addresses. Write one such as 10.128.4.16/28, or remove the line: the name then decides.',
  ],
];

const requirement: readonly Refusal[] = [
  [
    "{ requirement: '' }",
    "tenants.yaml:3:8  tenants.t.requirement: is empty. Write what the auditor asked for, or remove the line.",
  ],
  [
    '{ requirement: "a\\nb" }',
    "tenants.yaml:3:8  tenants.t.requirement: has several lines. Write one line that names the document.",
  ],
];

describe.each([
  ["references", references],
  ["the default client", defaultClients],
  ["kinds of values", kindsOfValues],
  ["what a later version brings", whatALaterVersionBrings],
  ["memory", memory],
  ["networks", networks],
  ["requirement", requirement],
] as const)("%s", (_topic, refusals) => {
  test.each(refusals)("t: %s", (fields, ...messages) => {
    expect(lines(tenant(fields))).toEqual(messages);
  });
});
