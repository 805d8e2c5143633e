import type { z } from "zod";
import { limitedMiB, namedSize, reservedMiB, sizeNames } from "../fleet/sizes.ts";
import { services } from "../fleet/tenant/parts.ts";
import { inline } from "./inline.ts";
import { jsonSchema } from "./jsonSchema.ts";
import { releasesFile } from "./releases.ts";
import { stackConfig } from "./stack.ts";
import { tenantsFile } from "./tenants.ts";

type Schema = z.core.JSONSchema.JSONSchema;

/** docs/tenants.md: what the schemas say, for reading. */
export function tenantsReference(): string {
  return [
    "<!-- Generated from files/ by `npm run schema`. Change the descriptions there, not here. -->",
    "# Reference: tenants.yaml, releases.yaml, stack configuration",
    introduction,
    "## tenants.yaml",
    "A whole fleet of one tenant, as long as the stack has one host and releases.yaml has that release:",
    block(`defaults: { release: "2026.11", mail: none }\ntenants:\n  acme: {}`),
    ...sections("", jsonSchema(tenantsFile)),
    "### Sizes",
    sizes(),
    "### Names",
    names,
    "### Networks",
    networks,
    "### Identity schemas",
    identitySchemas,
    "### Comes with a later version",
    laterVersions,
    "## releases.yaml",
    ...sections("", jsonSchema(releasesFile)),
    "## Stack configuration",
    "Keys of the namespace `olympus` in `Pulumi.<stack>.yaml`. Secrets of mail servers are set beside them, with " +
      "`pulumi config set --secret olympus:smtp-NAME smtps://user:password@host:465/`; tenants name them as " +
      "`mail: { smtp: NAME }`. In user name and password, signs such as `/ # ? %` and spaces are percent-encoded. `pulumi " +
      "preview` looks at the URIs of tenants' mail servers as Kratos reads them; no message repeats one.",
    ...sections("olympus:", jsonSchema(stackConfig)),
  ]
    .join("\n\n")
    .concat("\n");
}

const introduction = [
  "An editor with the YAML language server shows all of this while you write: `tenants.yaml` names its schema in its",
  "first line. `pulumi preview` checks all three files before it touches anything, and reports every problem at once,",
  "each with its line and what to write instead:",
  "",
  block(
    'tenants.yaml:12:5  tenants.bigcorp.host: "eu-9" is not a host of stack prod (eu-1, eu-2). Did you mean eu-1 or eu-2?',
    "text",
  ),
  "",
  "Unknown keys are errors. So are YAML's aliases (`*name`) and merge keys (`<<`): an edit at an anchor would change",
  "other tenants, unseen in review. Secrets do not belong in these files; what looks like one is refused, and never",
  "repeated in a message.",
].join("\n");

const names = [
  "A tenant's name is the first part of every name made for it: containers, networks and the volume on its host,",
  "`<tenant>.<domain>` for the login UI, `<tenant>-api.<domain>` for Hydra, `<tenant>-admin.<domain>` for Athena.",
  "So `acme-api` cannot be a tenant beside `acme`, and names such as `www`, `mail`, `admin` or `control` are reserved.",
  "A custom domain lies outside the stack's domain, whose names belong to tenants, present and future.",
].join("\n");

const networks = [
  "Each tenant has two /28 networks on its host: an internal one from the lower half of the host's `networkPool`, and",
  "one with a way out, at the same place in the upper half. The place comes from the tenant's name alone, so a",
  "newcomer moves nobody. With the default pool there are 262,144 places: of 60 tenants on a host, two meet in less",
  "than one case of a hundred. Then the check names both and a free network to write as `network:` of the newer one.",
].join("\n");

const identitySchemas = [
  "A schema is a JSON file in the repository whose `properties.traits` describes a person's fields, as Kratos takes it:",
  "",
  block(
    JSON.stringify(
      {
        type: "object",
        properties: {
          traits: {
            type: "object",
            properties: {
              email: {
                type: "string",
                format: "email",
                "ory.sh/kratos": { credentials: { password: { identifier: true } } },
              },
            },
            required: ["email"],
            additionalProperties: false,
          },
        },
      },
      null,
      2,
    ),
    "json",
  ),
].join("\n");

const laterVersions = [
  "Understood and refused, so that nobody believes they work: `shape: dual`,",
  "`backup`; in the stack configuration `startInterval`, `registries`, `tls: { mode: files }`.",
].join("\n");

function sizes(): string {
  const rows = services.map((service) => {
    const cells = sizeNames.map((name) => {
      const { limitMiB, reservationMiB } = namedSize(name)[service];
      return `${limitMiB} (${reservationMiB})`;
    });
    return `| ${service} | ${cells.join(" | ")} |`;
  });
  const sums = sizeNames.map((name) => `${limitedMiB(namedSize(name))} (${reservedMiB(namedSize(name))})`);
  return [
    "Limit in MiB, and in brackets the reservation: what counts against `memory - reserve` of the host. Reservations",
    "are measured ([sizing.md](sizing.md)); for a larger limit the part that use adds is taken to grow in proportion. The",
    "limits may add up to `overcommit` times the memory.",
    "",
    `| service | ${sizeNames.join(" | ")} |`,
    "| --- | --- | --- | --- |",
    ...rows,
    `| **tenant** | ${sums.join(" | ")} |`,
  ].join("\n");
}

/** One table per map, the map's own maps behind it. */
function sections(path: string, schema: Schema): string[] {
  return [...mapsOf(schema)].flatMap((map) => {
    const fields = Object.entries(map.properties ?? {});
    const below = (key: string) => (path === "" || path.endsWith(":") ? `${path}${key}` : `${path}.${key}`);
    const table = [
      "| field | value | meaning |",
      "| --- | --- | --- |",
      ...fields.map(([key, field]) => row(key, below(key), field, map.required?.includes(key) ?? false)),
    ].join("\n");
    const own =
      path === "" || path.endsWith(":") ? [table] : [`### \`${path}\`${variant(map)}`, sentence(map), table];
    // The maps of defaults are those of a tenant, which come next.
    const maps = path === "defaults" ? [] : fields.flatMap(([key, field]) => inner(below(key), field));
    return fields.length === 0 ? [] : [...own, ...maps];
  });
}

/** ` with mode: acme`: alternatives of one map have a heading each. */
function variant(map: Schema): string {
  const chosen = Object.entries(map.properties ?? {}).find(
    ([, field]) => isSchema(field) && field.const !== undefined,
  );
  if (chosen === undefined || !isSchema(chosen[1])) return "";
  return ` with \`${chosen[0]}: ${String(chosen[1].const)}\``;
}

function inner(path: string, field: unknown): string[] {
  return isSchema(field)
    ? [field, ...(field.anyOf ?? []), ...(field.oneOf ?? [])].flatMap((option) => ofMap(path, option))
    : [];
}

function ofMap(path: string, option: unknown): string[] {
  if (!isSchema(option)) return [];
  const value = option.additionalProperties;
  return isSchema(value)
    ? sections(`${path}.<${nameOf(path)}>`, value)
    : option.properties
      ? sections(path, option)
      : [];
}

function nameOf(path: string): string {
  const key = path.split(/[.:]/).at(-1) ?? "";
  return key === "clients" || key === "schemas" ? "id" : "name";
}

function row(key: string, path: string, field: unknown, isRequired: boolean): string {
  if (!isSchema(field)) return `| \`${key}\` | | |`;
  const example = field.examples?.[0];
  const text = example === undefined ? "" : inline(example);
  // A long one is a map that has a table of its own.
  const shown = text === "" || text.length > 120 ? "" : ` Example: \`${key}: ${text}\`.`;
  const required = isRequired ? "**Required.** " : "";
  const meaning = `${required}${sentence(field)}${shown}`.trim();
  return `| \`${key}\` | ${typeOf(field, path)} | ${meaning} |`;
}

function sentence(schema: Schema): string {
  return schema.description ?? "";
}

function typeOf(schema: unknown, path: string): string {
  if (!isSchema(schema) || schema.type === "null") return "";
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) {
    return [...new Set(options.map((option) => typeOf(option, path)).filter((name) => name !== ""))].join(
      " or ",
    );
  }
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${String(word)}\``).join(", ");
  if (schema.type === "array") return `list of ${typeOf(schema.items, path)}`;
  if (schema.type === "integer" || schema.type === "number") return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type === "boolean") return "`true`, `false`";
  if (isSchema(schema.additionalProperties))
    return `map of ${nameOf(path)} to ${typeOf(schema.additionalProperties, path)}`;
  return schema.type === "object" ? "map" : "text";
}

/** The maps that a value may be. */
function mapsOf(schema: Schema): Schema[] {
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return options.filter(isSchema).flatMap(mapsOf);
  return schema.properties === undefined ? [] : [schema];
}

function isSchema(schema: unknown): schema is Schema {
  return typeof schema === "object" && schema !== null && !Array.isArray(schema);
}

function block(text: string, language = "yaml"): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
