import { z } from "zod";
import { leastMiB, namedSize, sizeNames } from "../fleet/sizes.ts";
import type { Service } from "../fleet/tenant/parts.ts";
import { judgeRange } from "./address.ts";
import { defaultIs, defaults } from "./defaults.ts";
import { fields, list, text } from "./field.ts";
import { judgeLabel } from "./hostName.ts";
import { judgeMemory, memoryPattern } from "./memory.ts";
import { judgeRedirect } from "./redirect.ts";
import { emailPattern, judgeEmail } from "./uri.ts";
import {
  generationPattern,
  judgeGeneration,
  judgeNetwork,
  judgeSchemaId,
  judgeSchemaPath,
  judgeScope,
  judgeWord,
} from "./word.ts";

export const host = text(judgeLabel, {
  description:
    "Host of the tenant's containers and data: a key of `olympus:hosts`. May be left out while there is only one " +
    "host. **Another host is another place for the data: the edit is refused once the tenant has some.**",
  examples: ["eu-2"],
});

/** What tenants and defaults share differs in one sentence, `otherwise`: what counts when the line is missing. */
export const release = (otherwise: string) =>
  text(judgeWord, {
    description: `Set of images, a key of \`releases\` in releases.yaml. ${otherwise}`,
    examples: ["2026.11"],
  });

export const ring = (otherwise: string) =>
  text(judgeLabel, {
    description: `Tenants of one ring are upgraded together, in the order of \`rings\`. ${otherwise}`,
    examples: ["canary"],
  });

const limit = (service: Service) =>
  text(judgeMemory, {
    description: `Memory limit of ${service}, in MiB or GiB; swap is off. At least ${leastMiB(service)}MiB.`,
    examples: [`${namedSize("medium")[service].limitMiB}MiB`],
    pattern: memoryPattern,
  }).optional();

const sizeName = z.enum(sizeNames).meta({
  description: "Named memory limits; docs/tenants.md lists them.",
  examples: ["medium"],
});

const sizeLimits = fields(
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
);

export const size = (otherwise: string) =>
  z.union([sizeName, sizeLimits]).meta({
    description:
      "Memory: `small`, `medium` or `large`, or a map of limits per service over a named `base`. What the tenant is " +
      `measured to need counts against the host's memory. ${otherwise}`,
    examples: ["medium", { base: "medium", postgres: "1GiB" }],
  });

const email = text(judgeEmail, {
  description:
    "First administrator, made once with a verified address. Default: `admin@<tenant>.<domain>`. " +
    "Another address later makes another administrator with another first password; the first one stays. An address " +
    "that somebody else of the tenant has already is refused by `pulumi up`, which says who it is.",
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

export const admin = fields(
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

const mailServer = fields(
  { smtp, from: from.optional() },
  { description: "Mail through an SMTP server.", examples: [{ smtp: "main", from: "no-reply@bigcorp.com" }] },
);

export const mail = (otherwise: string) =>
  z.union([z.literal("none"), mailServer]).meta({
    description:
      "How the tenant sends mail. `none` turns off recovery, verification and the check that an address is verified " +
      `at login. ${otherwise}`,
    examples: [{ smtp: "main" }, "none"],
  });

const uris = (description: string, example: string) =>
  list(text(judgeRedirect, { description: "A full URI, compared letter by letter.", examples: [example] }), {
    description,
    examples: [[example]],
  });

const generation = (description: string) =>
  z
    .int()
    .min(1)
    .max(1000)
    .meta({ description, examples: [2] });

export const client = fields(
  {
    redirectUris: uris(
      "Where people may be sent back to with a code.",
      "https://app.bigcorp.com/callback",
    ).min(1),
    postLogoutRedirectUris: uris(
      "Where people may be sent after they signed out: with scheme, host and port of a redirect URI. Default: nowhere.",
      "https://app.bigcorp.com/",
    ).optional(),
    scope: text(judgeScope, {
      description: `Scopes that the client may ask for, with spaces between. ${defaultIs(defaults.tenant.clientScope)}`,
      examples: ["openid offline_access email"],
    }).optional(),
    kind: z
      .enum(["public", "confidential"])
      .meta({
        description:
          "`public` (apps and browsers) uses PKCE and has no secret; `confidential` (servers) gets a secret derived " +
          `from the tenant's root key. ${defaultIs(defaults.tenant.clientKind)}`,
        examples: ["confidential"],
      })
      .optional(),
    secretGeneration: generation(
      "Version of the tenant's secrets (`secrets.generation`) that the secret of a `confidential` client is derived from. **Another one " +
        "is another secret, at once**: its application needs that from `pulumi stack output fleet --show-secrets`. Default: `1`.",
    ).optional(),
  },
  {
    description: "An OAuth2 client of the tenant, kept in its Hydra.",
    examples: [{ redirectUris: ["https://app.bigcorp.com/callback"] }],
  },
);

export const network = text(judgeNetwork, {
  description:
    "The tenant's internal network, a /28 in the lower half of the host's `networkPool`. Default: from the tenant's " +
    "name. Needed only when two names meet, which the check reports. **A change replaces the tenant's containers.**",
  examples: ["10.128.4.16/28"],
});

const rootName = text(judgeWord, {
  description:
    "Name of the stack secret that holds the root key: NAME for `olympus:root-NAME`, 32 random bytes (`openssl rand -hex 32`) " +
    "into `pulumi config set --secret olympus:root-NAME`.",
  examples: ["bigcorp"],
});

/** The tenant's derived secrets, and what they are derived from. */
export const secrets = fields(
  {
    generation: generation(
      "Version of the derived secrets. One more puts new values in front of the old ones, and gives the services " +
        "new passwords for the database; nobody is signed out but administrators. One more at a time, and never " +
        `less. ${defaultIs(defaults.tenant.secretsGeneration)}`,
    ).optional(),
    oldest: generation(
      "The oldest version that is still read. One more ends what only older secrets can read: refresh tokens, " +
        "which live 30 days, and remembered sign-ins. Hydra's signing keys must be younger: `pulumi up` looks, and " +
        `refuses before anything stops. At most \`generation\`. ${defaultIs(defaults.tenant.secretsOldest)}`,
    ).optional(),
    root: z
      .union([
        rootName,
        z
          .record(
            text(judgeGeneration, {
              description: "The first generation that is derived from it.",
              examples: ["2"],
              pattern: generationPattern,
            }),
            rootName,
          )
          .meta({
            description: "Root keys by the first generation that is derived from each.",
            examples: [{ 2: "bigcorp" }],
          }),
      ])
      .meta({
        description:
          "The tenant's own root key, a stack secret, in place of the one that Pulumi makes: all its secrets but the " +
          "database's own are derived from it. `root: bigcorp` for a new tenant; for one with data, " +
          '`root: { "2": bigcorp }` together with `generation: 2`: generations from 2 on are derived from `olympus:root-bigcorp`, ' +
          "those before from the root key before. **Without the key its data cannot be read**: keep it outside of Pulumi, " +
          "too. Another value than data was encrypted with is refused. Default: Pulumi makes one.",
        examples: ["bigcorp", { 2: "bigcorp" }],
      })
      .optional(),
  },
  {
    description: "The tenant's derived secrets.",
    examples: [{ generation: 2 }, { generation: 2, oldest: 2 }, { root: "bigcorp" }],
  },
);

export const schemas = z
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
