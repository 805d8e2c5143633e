import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { prometheus } from "../../../reports/status/prometheus.ts";
import { documentOf } from "./answers.ts";

/** docs/alerts.yml, docs/alerts.md and what `fleet status --prometheus` prints speak of the same things. */

const docs = join(import.meta.dirname, "../../../docs");
const rule = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(["critical", "warning"]) }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }),
});
const { groups } = z
  .strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) })
  .parse(parse(readFileSync(join(docs, "alerts.yml"), "utf8")));
const rules = groups.flatMap((group) => group.rules);
const page = readFileSync(join(docs, "alerts.md"), "utf8");

const printed = [...prometheus(documentOf(new Date(0), {})).matchAll(/^# TYPE (\S+) /gm)].map(
  ([, name = ""]) => name,
);
/** What the node exporter itself says of the file. */
const foreign = ["node_textfile_mtime_seconds"];

test("every metric of a rule is printed", () => {
  const asked = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/\b(?:olympus_fleet|node)_\w+/g)].map(([name]) => name),
  );
  expect(asked.length).toBeGreaterThan(rules.length);
  expect([...new Set(asked)].filter((name) => ![...printed, ...foreign].includes(name))).toEqual([]);
});

test("every metric that is printed is documented with its unit, and no other", () => {
  const table = page.slice(page.indexOf("| metric | unit |"), page.indexOf("## FleetTenantDown"));
  const rows = table
    .split("\n")
    .slice(2)
    .flatMap((line) => {
      const [, names = "", unit = ""] = line.split("|").map((cell) => cell.trim());
      return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => ({ name: `olympus_fleet_${name}`, unit }));
    });
  expect(rows.map(({ name }) => name).sort()).toEqual([...printed].sort());
  for (const { name, unit } of rows) {
    expect({ name, unit }).toEqual({ name, unit: expect.stringMatching(unitOf(name)) });
  }
});

/** As Prometheus names metrics: the unit stands at the end. */
function unitOf(name: string): RegExp {
  if (name.endsWith("_bytes")) return /^bytes$/;
  if (name.endsWith("_timestamp_seconds")) return /^seconds since 1970$/;
  if (name.endsWith("_visits")) return /^visits$/;
  if (/inodes(_free)?$/.test(name)) return /^files$/;
  if (name.endsWith("_total")) return /^times$/;
  return name.endsWith("_tenants") ? /^tenants$/ : /^1 or 0$/;
}

test("every alert has its section, and its words lead there", () => {
  const sections = [...page.matchAll(/^## (Fleet\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(rules.map(({ alert }) => alert));
  for (const { alert, annotations, labels } of rules) {
    expect(annotations.runbook).toBe(`docs/alerts.md#${alert.toLowerCase()}`);
    const section = page.slice(page.indexOf(`## ${alert}\n`)).split("\n## ")[0] ?? "";
    expect(section).toMatch(labels.severity === "critical" ? /\nCritical[.,]/ : /\nWarning[.,]/);
    expect(section).toContain("\nFirst: ");
  }
});

test("what the page says of times is what the rules have", () => {
  for (const { alert, for: lasts } of rules) {
    const section = page.slice(page.indexOf(`## ${alert}\n`)).split("\n## ")[0] ?? "";
    const told = /\n(?:Critical|Warning)(?:, after (\d+) minutes)?\./.exec(section)?.[1];
    expect({ alert, lasts: told && `${told}m` }).toEqual({ alert, lasts });
  }
});

test("where the page leads, there is something", () => {
  const links = [...page.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)].map(([, file = "", anchor]) => ({
    file,
    anchor,
  }));
  expect(links.length).toBeGreaterThan(5);
  for (const { file, anchor } of links) {
    const path = join(docs, file === "" ? "alerts.md" : file);
    expect({ file, there: existsSync(path) }).toEqual({ file, there: true });
    if (anchor === undefined) continue;
    const anchors = [...readFileSync(path, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, head = ""]) =>
      head
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    expect(anchors).toContain(anchor);
  }
});
