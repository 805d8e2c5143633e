import { z } from "zod";
import { labelPattern } from "../fleet/hostName.ts";
import { defaultIs, defaults } from "./defaults.ts";
import { fields, later, list, text } from "./field.ts";
import { hostFields } from "./hostFields.ts";
import { judgeDomain, judgeLabel } from "./hostName.ts";
import { dnsFields, edgeFields, tlsFields } from "./reachFields.ts";
import { judgeFilePath, judgePercent, percentPattern } from "./word.ts";

const usual = defaults.stack;

const file = (description: string, example: string) =>
  text(judgeFilePath, { description, examples: [example] });

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
        hostFields,
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
    tls: tlsFields,
    dns: dnsFields.optional(),
    edge: edgeFields.optional(),
    tenantsFile: file(
      `The fleet file, from the project's folder. ${defaultIs(usual.tenantsFile)}`,
      usual.tenantsFile,
    ).optional(),
    releasesFile: file(
      `The releases file, from the project's folder. ${defaultIs(usual.releasesFile)}`,
      usual.releasesFile,
    ).optional(),
    overcommit: z
      .number()
      .min(1)
      .max(10)
      .meta({
        description: `The limits of a host's tenants may add up to this many times its memory. ${defaultIs(usual.overcommit)}`,
        examples: [usual.overcommit],
      })
      .optional(),
    protectData: z
      .boolean()
      .meta({
        description: `Whether volumes and root keys are protected and kept; \`false\` suits a laptop. ${defaultIs(usual.protectData)}`,
        examples: [usual.protectData],
      })
      .optional(),
    removeAtOnce: text(judgePercent, {
      description:
        "How many of its tenants one run may remove with their data, where `protectData` is `false`; one may always go. " +
        `More are refused: a fleet file that was emptied by mistake looks the same. ${defaultIs(usual.removeAtOnce)}`,
      examples: [usual.removeAtOnce],
      pattern: percentPattern,
    }).optional(),
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
      hostImages: {
        fault: "the hosts' images belong to every stack",
        remedy: "Write hostImages in releases.yaml.",
      },
    },
  },
);

export type StackEntry = z.infer<typeof stackConfig>;
