import { z } from "zod";
import { sizeNames } from "../sizes.ts";
import { judgeRange } from "./address.ts";
import { fields, later, list, refusals, text } from "./field.ts";
import { hostNamePattern, judgeHostName, judgeLabel, labelPattern } from "./hostName.ts";
import { judgeMemory, memoryPattern } from "./memory.ts";
import { imagesOf } from "./releases.ts";
import { judgeTenantName } from "./tenantName.ts";
import { emailPattern, judgeEmail, judgeOrigin, judgeRedirect } from "./uri.ts";
import {
  judgeClientId,
  judgeNetwork,
  judgeSchemaId,
  judgeSchemaPath,
  judgeScope,
  judgeSentence,
  judgeWord,
} from "./word.ts";

const host = text(judgeLabel, {
  description:
    "Host of the tenant's containers and data: a key of `olympus:hosts`. May be left out while there is only one " +
    "host. **Another host is another place for the data; a tenant is moved, not edited, to it.**",
  examples: ["eu-2"],
});

const release = text(judgeWord, {
  description: "Set of images, a key of `releases` in releases.yaml. Default: `defaults.release`.",
  examples: ["2026.11"],
});

const ring = text(judgeLabel, {
  description:
    "Tenants of one ring are upgraded together, in the order of `rings`. Default: `defaults.ring`, else the last ring.",
  examples: ["canary"],
});

const limit = (service: string) =>
  text(judgeMemory, {
    description: `Memory limit of ${service}, in MiB or GiB; swap is off. Changed in place, without a restart.`,
    examples: ["192MiB"],
    pattern: memoryPattern,
  }).optional();

const sizeName = z.enum(sizeNames).meta({
  description: "Named memory limits; docs/tenants.md lists them.",
  examples: ["medium"],
});

const size = z
  .union([
    sizeName,
    fields(
      {
        base: sizeName.optional(),
        postgres: limit("postgres"),
        kratos: limit("kratos"),
        hydra: limit("hydra"),
        hera: limit("hera"),
        athena: limit("athena"),
      },
      {
        description: "A named size with other limits for some services. Default of `base`: `defaults.size`.",
        examples: [{ base: "medium", postgres: "1GiB" }],
      },
    ),
  ])
  .meta({
    description:
      "Memory: `small`, `medium` or `large`, or a map of limits per service over a named `base`. What the tenant is " +
      "measured to need counts against the host's memory. Default: `defaults.size`, else `small`.",
    examples: ["medium", { base: "medium", postgres: "1GiB" }],
  });

const email = text(judgeEmail, {
  description:
    "First administrator, made once with a verified address. Default: `admin@<tenant>.<domain>`. " +
    "A later change adds nobody and removes nobody.",
  examples: ["ops@bigcorp.com"],
  pattern: emailPattern,
});

const allow = list(
  text(judgeRange, { description: "A range of IPv4 or IPv6 addresses.", examples: ["198.51.100.0/24"] }),
  {
    description:
      "Ranges of addresses that may open the admin vhost; everybody else gets 403. Default: `defaults.admin.allow`, " +
      "else nobody.",
    examples: [["198.51.100.0/24", "2001:db8::/48"]],
  },
);

const admin = fields(
  { email: email.optional(), allow: allow.optional() },
  {
    description: "The tenant's administrators.",
    examples: [{ email: "ops@bigcorp.com", allow: ["198.51.100.0/24"] }],
  },
);

const smtp = text(judgeWord, {
  description:
    "Name of the stack secret with the connection URI: NAME for `olympus:smtp-NAME`, set by " +
    "`pulumi config set --secret olympus:smtp-NAME`.",
  examples: ["main"],
});

const from = text(judgeEmail, {
  description: "Sender address. Default: `no-reply@<tenant>.<domain>`.",
  examples: ["no-reply@bigcorp.com"],
  pattern: emailPattern,
});

const mail = z
  .union([
    z.literal("none"),
    fields(
      { smtp, from: from.optional() },
      {
        description: "Mail through an SMTP server.",
        examples: [{ smtp: "main", from: "no-reply@bigcorp.com" }],
      },
    ),
  ])
  .meta({
    description:
      "How the tenant sends mail. `none` turns off recovery, verification and the check that an address is verified " +
      "at login. Default: `defaults.mail`; one of the two must be written.",
    examples: [{ smtp: "main" }, "none"],
  });

const uris = (description: string, example: string) =>
  list(text(judgeRedirect, { description: "A full URI, compared letter by letter.", examples: [example] }), {
    description,
    examples: [[example]],
  });

const client = fields(
  {
    redirectUris: uris(
      "Where people may be sent back to with a code.",
      "https://app.bigcorp.com/callback",
    ).min(1),
    postLogoutRedirectUris: uris(
      "Where people may be sent after they signed out. Default: nowhere.",
      "https://app.bigcorp.com/",
    ).optional(),
    scope: text(judgeScope, {
      description:
        "Scopes that the client may ask for, with spaces between. Default: `openid offline_access`.",
      examples: ["openid offline_access email"],
    }).optional(),
    kind: z
      .enum(["public", "confidential"])
      .meta({
        description:
          "`public` (apps and browsers) uses PKCE and has no secret; `confidential` (servers) gets a secret derived " +
          "from the tenant's root key. Default: `public`.",
        examples: ["confidential"],
      })
      .optional(),
  },
  {
    description: "An OAuth2 client of the tenant, kept in its Hydra.",
    examples: [{ redirectUris: ["https://app.bigcorp.com/callback"] }],
  },
);

const state = z.enum(["active"]).meta({ description: "Default: `active`.", examples: ["active"] });
refusals.add(state, {
  values: {
    suspended: later("state: suspended", "state: active, or remove the line"),
    retired: later("state: retired", "state: active, or remove the line"),
  },
});

const shape = z.enum(["single"]).meta({
  description: "`single`: one Kratos and one Hydra for customers and administrators. Default: `single`.",
  examples: ["single"],
});
refusals.add(shape, { values: { dual: later("shape: dual", "shape: single, or remove the line") } });

const network = text(judgeNetwork, {
  description:
    "The tenant's internal network, a /28 in the lower half of the host's `networkPool`. Default: from the tenant's " +
    "name. Needed only when two names meet, which the check reports. **A change replaces the tenant's containers.**",
  examples: ["10.128.4.16/28"],
});

const schemas = z
  .record(
    text(judgeSchemaId, { description: "Id of the schema, as Kratos lists it.", examples: ["staff"] }),
    text(judgeSchemaPath, {
      description: "Path of a JSON file, from the folder of tenants.yaml.",
      examples: ["schemas/staff.json"],
    }),
  )
  .meta({
    description:
      "Identity schemas beside the built-in `default` and `admin`: id to path of a JSON file in the repository.",
    examples: [{ staff: "schemas/staff.json" }],
  });

/** One tenant of the file. Every field may be left out. */
export const tenant = fields(
  {
    host: host.optional(),
    release: release.optional(),
    size: size.optional(),
    ring: ring.optional(),
    state: state.optional(),
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
    admin: admin.optional(),
    mail: mail.optional(),
    cors: list(text(judgeOrigin, { description: "An origin.", examples: ["https://app.bigcorp.com"] }), {
      description:
        "Origins whose scripts may call Kratos's and Hydra's public APIs from a browser. Default: none.",
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
    schemas: schemas.optional(),
    images: imagesOf("Images in place of the release's, for this tenant alone.").optional(),
    secrets: fields(
      {
        generation: z
          .int()
          .min(1)
          .max(1000)
          .meta({
            description:
              "Version of the derived secrets. One more puts new values in front of the old ones. Default: 1.",
            examples: [2],
          }),
      },
      { description: "The tenant's derived secrets.", examples: [{ generation: 2 }] },
    ).optional(),
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
      purge: later("purge", "the tenant without this line"),
      name: {
        fault: "the name of a tenant is its key",
        remedy: "Write the name in front of the colon, and remove this line.",
      },
    },
  },
);

const fromDefaults = { release: release.optional(), size: size.optional(), ring: ring.optional() };

export const tenantsFile = fields(
  {
    defaults: fields(
      { ...fromDefaults, mail: mail.optional(), admin: admin.optional() },
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
    rings: list(
      text(judgeLabel, { description: "Name of a ring.", examples: ["stable"], pattern: labelPattern }),
      {
        description: "Rings in the order in which upgrades reach them. Default: `[stable]`.",
        examples: [["canary", "stable"]],
      },
    )
      .min(1)
      .optional(),
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
