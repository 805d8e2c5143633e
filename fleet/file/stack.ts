import { z } from "zod";
import { judgePool } from "./address.ts";
import { fields, later, list, refusals, text } from "./field.ts";
import { judgeDomain, judgeLabel, labelPattern } from "./hostName.ts";
import { judgeMemory, memoryPattern } from "./memory.ts";
import { judgeEmail, judgeHttps } from "./uri.ts";
import { judgeEngineAddress, judgeFilePath } from "./word.ts";

const port = (description: string, example: number) =>
  z
    .int()
    .min(1)
    .max(65535)
    .meta({ description, examples: [example] });

const memory = (description: string, example: string) =>
  text(judgeMemory, { description, examples: [example], pattern: memoryPattern });

const file = (description: string, example: string) =>
  text(judgeFilePath, { description, examples: [example] });

const withoutLine = "the host without this line";

const host = fields(
  {
    address: text(judgeEngineAddress, {
      description: "Where the Docker-compatible engine listens. **Another address is another machine.**",
      examples: ["unix:///var/run/docker.sock"],
    }),
    memory: memory("Memory of the machine.", "16GiB"),
    reserve: memory("Kept back for the system, Caddy and the engine. Default: `1GiB`.", "1GiB").optional(),
    networkPool: text(judgePool, {
      description:
        "Private range from which the tenants' networks come: internal ones from the lower half, those with a way " +
        "out from the upper. Default: `10.128.0.0/9`. **A change moves every tenant's network.**",
      examples: ["10.128.0.0/9"],
    }).optional(),
    httpPort: port("Port of Caddy for plain HTTP, which redirects. Default: `80`.", 80).optional(),
    httpsPort: port("Port of Caddy for HTTPS. Default: `443`.", 443).optional(),
    healthInterval: z
      .int()
      .min(2)
      .max(300)
      .meta({
        description:
          "Seconds between health checks of a running container. Shorter costs processor time: 50 containers at " +
          "2 seconds take more than a core. Default: `20`.",
        examples: [20],
      })
      .optional(),
    inputRule: z
      .enum(["require", "report"])
      .meta({
        description:
          "Whether it is an error when the rule that keeps containers from the host's own services cannot be set, " +
          "or only reported (for a laptop). Default: `require`.",
        examples: ["require"],
      })
      .optional(),
  },
  {
    description: "A machine with a Docker-compatible engine.",
    examples: [{ address: "unix:///var/run/docker.sock", memory: "16GiB" }],
  },
  {
    keys: {
      hostKey: later("hostKey", withoutLine),
      publicAddress: later("publicAddress", withoutLine),
      engine: later("engine", withoutLine),
      startInterval: later("startInterval", withoutLine),
    },
  },
);

const tls = z
  .discriminatedUnion("mode", [
    fields(
      { mode: z.literal("internal") },
      {
        description: "Caddy's own certificate authority, for laptops and labs.",
        examples: [{ mode: "internal" }],
      },
    ),
    fields(
      {
        mode: z.literal("acme"),
        email: text(judgeEmail, {
          description: "Where the certificate authority sends warnings.",
          examples: ["ops@example.com"],
        }),
        ca: text(judgeHttps, {
          description: "Directory of another ACME server. Default: Let's Encrypt.",
          examples: ["https://acme-v02.api.letsencrypt.org/directory"],
        }).optional(),
      },
      {
        description: "Certificates by ACME, for production.",
        examples: [{ mode: "acme", email: "ops@example.com" }],
      },
    ),
  ])
  .meta({
    description:
      "Where certificates come from. `acme` marks a production stack: image tags that float are refused.",
    examples: [{ mode: "internal" }, { mode: "acme", email: "ops@example.com" }],
  });
refusals.add(tls, { values: { files: later("files", "mode: acme or mode: internal") } });

const dnsProvider = z.enum(["none"]).meta({
  description: "Records are made by hand; one wildcard below the domain covers every tenant.",
  examples: ["none"],
});
const noCloudflare = later("cloudflare", "provider: none, and make the records by hand");
refusals.add(dnsProvider, { values: { cloudflare: noCloudflare } });

const dns = fields(
  { provider: dnsProvider },
  {
    description: "Who makes the DNS records. Default: `{ provider: none }`.",
    examples: [{ provider: "none" }],
  },
  {
    keys: Object.fromEntries(
      ["zone", "zoneId", "mode", "proxied"].map((key) => [key, later(`dns ${key}`, "dns without this line")]),
    ),
  },
);

const withoutKey = "the stack without this key";

export const stackConfig = fields(
  {
    domain: text(judgeDomain, {
      description:
        "Tenants live at `<tenant>.<domain>`. **A change changes every tenant's addresses and issuer.**",
      examples: ["id.example.com"],
    }),
    hosts: z
      .record(
        text(judgeLabel, { description: "Name of the host.", examples: ["eu-1"], pattern: labelPattern }),
        host,
      )
      .meta({
        description: "The stack's hosts by name.",
        examples: [{ local: { address: "unix:///var/run/docker.sock", memory: "16GiB" } }],
      }),
    elsewhere: list(text(judgeLabel, { description: "Name of a host.", examples: ["us-1"] }), {
      description:
        "Hosts that other stacks own: their tenants are skipped here, and a mistyped name is still an error.",
      examples: [["us-1"]],
    }).optional(),
    tls,
    dns: dns.optional(),
    tenantsFile: file(
      "The fleet file, from the project's folder. Default: `tenants.yaml`.",
      "tenants.yaml",
    ).optional(),
    releasesFile: file(
      "The releases file, from the project's folder. Default: `releases.yaml`.",
      "releases.yaml",
    ).optional(),
    overcommit: z
      .number()
      .min(1)
      .max(10)
      .meta({
        description:
          "The limits of a host's tenants may add up to this many times its memory. Default: `1.5`.",
        examples: [1.5],
      })
      .optional(),
    protectData: z
      .boolean()
      .meta({
        description:
          "Whether volumes and root keys are protected and kept. Default: `true`; `false` suits a laptop.",
        examples: [true],
      })
      .optional(),
  },
  {
    description: "Stack configuration, namespace `olympus` in Pulumi.<stack>.yaml.",
    examples: [
      {
        domain: "id.example.com",
        hosts: { "eu-1": { address: "unix:///var/run/docker.sock", memory: "16GiB" } },
        tls: { mode: "acme", email: "ops@example.com" },
      },
    ],
  },
  {
    keys: {
      registries: later("registries", withoutKey),
      edge: later("edge", withoutKey),
      hostImages: {
        fault: "the hosts' images belong to every stack",
        remedy: "Write hostImages in releases.yaml.",
      },
    },
  },
);

export type StackEntry = z.infer<typeof stackConfig>;
export type HostEntry = z.infer<typeof host>;
