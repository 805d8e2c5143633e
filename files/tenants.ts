import { z } from "zod";
import { hostNamePattern, labelPattern } from "../fleet/hostName.ts";
import { tenantStates } from "../fleet/tenant/state.ts";
import { defaultIs, defaults } from "./defaults.ts";
import { fields, later, list, refusals, text } from "./field.ts";
import { judgeHostName } from "./hostName.ts";
import { judgePurge, purgePattern } from "./purge.ts";
import { imagesOf } from "./releases.ts";
import { rings } from "./ringFields.ts";
import { admin, client, host, mail, network, release, ring, schemas, secrets, size } from "./tenantFields.ts";
import { judgeTenantName } from "./tenantName.ts";
import { judgeOrigin } from "./uri.ts";
import { judgeClientId, judgeSentence } from "./word.ts";

const state = z.enum(tenantStates).meta({
  description:
    "`suspended`: nothing of it runs, and its names answer 503 until `active` brings it back with sessions and tokens " +
    "of before. `retired`: the same with 410, for good. Volume, root key, DNS records and certificates stay in both. " +
    defaultIs(defaults.tenant.state),
  examples: ["suspended"],
});

const shape = z.enum(["single"]).meta({
  description: "`single`: one Kratos and one Hydra for customers and administrators. Default: `single`.",
  examples: ["single"],
});
refusals.add(shape, { values: { dual: later("dual", "shape: single, or remove the line") } });

/** One tenant of the file. Every field may be left out. */
export const tenant = fields(
  {
    host: host.optional(),
    release: release("Default: `defaults.release`; one of the two must be written.").optional(),
    size: size("Default: `defaults.size`, else `small`.").optional(),
    ring: ring("Default: `defaults.ring`, else the last ring.").optional(),
    state: state.optional(),
    purge: text(judgePurge, {
      description:
        "Deletes all data of a tenant that is `retired`: its name, and the day (UTC) on which it may happen. On that day " +
        "`pulumi up` twice: the first lifts the protection of volume and root key, the second deletes them and the DNS " +
        "records. On any other day, and while its services run, it is refused.",
      examples: ["acme 2026-11-28"],
      pattern: purgePattern,
    }).optional(),
    shape: shape.optional(),
    domains: list(
      text(judgeHostName, {
        description: "A host name.",
        examples: ["login.bigcorp.com"],
        pattern: hostNamePattern,
      }),
      {
        description: "Custom host names of the login UI, besides `<tenant>.<domain>`.",
        examples: [["login.bigcorp.com"]],
      },
    ).optional(),
    login: text(judgeHostName, {
      description:
        "Which of `domains` applications send people to for sign-in; write it once that name leads here. Default: " +
        "`<tenant>.<domain>`, which keeps working.",
      examples: ["login.bigcorp.com"],
      pattern: hostNamePattern,
    }).optional(),
    admin: admin.optional(),
    mail: mail("Default: `defaults.mail`; one of the two must be written.").optional(),
    cors: list(text(judgeOrigin, { description: "An origin.", examples: ["https://app.bigcorp.com"] }), {
      description:
        "Origins whose scripts may call Hydra's public API, `<tenant>-api.<domain>`, from a browser. Kratos's API is not " +
        "reachable from outside: people sign in at the login UI. An edit replaces Hydra. Default: none.",
      examples: [["https://app.bigcorp.com"]],
    }).optional(),
    clients: z
      .record(
        text(judgeClientId, { description: "Client id, unique within the tenant.", examples: ["shop"] }),
        client,
      )
      .meta({
        description: "OAuth2 clients by client id.",
        examples: [{ shop: { redirectUris: ["https://app.bigcorp.com/callback"] } }],
      })
      .optional(),
    defaultClient: text(judgeClientId, {
      description:
        "Which of `clients` Hera sends people to who open the login page without an application. It must be " +
        "`confidential` and have the scopes openid, profile and email, since Hera asks for these and without PKCE; and " +
        "its application must cope with a sign-in that it did not begin: with a `state` that it does not know it " +
        "begins one of its own. Default: none; such people are told to open an application.",
      examples: ["shop"],
    }).optional(),
    schemas: schemas.optional(),
    images: imagesOf("Images in place of the release's, for this tenant alone.").optional(),
    secrets: secrets.optional(),
    network: network.optional(),
    requirement: text(judgeSentence, {
      description: "What the auditor asked for, in one line; kept in the registry.",
      examples: ["SOC 2 letter of 2026-03-02, section 4"],
    }).optional(),
  },
  { description: "A tenant. Every field may be left out.", examples: [{}, { size: "medium" }] },
  {
    keys: {
      backup: later("backup", "the tenant without this line"),
      name: {
        fault: "the name of a tenant is its key",
        remedy: "Write the name in front of the colon, and remove this line.",
      },
    },
  },
);

export const tenantsFile = fields(
  {
    defaults: fields(
      {
        release: release("Without it every tenant writes its own.").optional(),
        size: size(defaultIs(defaults.tenant.size)).optional(),
        ring: ring("Default: the last ring.").optional(),
        mail: mail("Without it every tenant writes its own.").optional(),
        admin: admin.optional(),
      },
      {
        description: "What tenants get that do not say otherwise.",
        examples: [{ release: "2026.11", size: "small", ring: "stable", mail: "none" }],
      },
      {
        keys: {
          host: {
            fault: "a host cannot be a default: a tenant's data would move because a line elsewhere changed",
            remedy: "Write host: in each tenant.",
          },
        },
      },
    ).optional(),
    rings: rings.optional(),
    tenants: z
      .record(
        text(judgeTenantName, {
          description:
            "DNS label of 1-30 characters; the first part of every name that belongs to the tenant.",
          examples: ["acme"],
          pattern: labelPattern,
        }),
        tenant.nullable(),
      )
      .meta({
        description: "The fleet: tenants by name. `acme: {}` is a whole tenant.",
        examples: [{ acme: {} }],
      }),
  },
  { description: "The fleet file, tenants.yaml.", examples: [{ tenants: { acme: {} } }] },
);

export type TenantsFile = z.infer<typeof tenantsFile>;
export type TenantEntry = z.infer<typeof tenant>;
export type Defaults = NonNullable<TenantsFile["defaults"]>;
export type SizeEntry = NonNullable<TenantEntry["size"]>;
