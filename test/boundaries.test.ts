import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

type Zone =
  | "index.ts"
  | "files"
  | "fleet"
  | "backends"
  | "hosts"
  | "reports"
  | "components"
  | "program"
  | "cli"
  | "lab"
  | "test"
  | "bench";

interface Rule {
  /** Zones that this one may import from, besides itself. */
  readonly zones: readonly Zone[];
  /** Packages and built-in modules that it may import. */
  readonly modules: RegExp;
  /** What it says depends on the texts that it is given, and on nothing else. */
  readonly isPure?: boolean;
}

/** All that the program itself is made of. */
const product = [
  "index.ts",
  "files",
  "fleet",
  "backends",
  "hosts",
  "reports",
  "components",
  "program",
  "cli",
] as const;

/**
 * The arrows of the design: `index.ts → components → backends → fleet ← files`. The rooms of the model are pure;
 * `components` make resources of what those say, and neither read files nor parse them.
 */
const rules: Readonly<Record<Zone, Rule>> = {
  "index.ts": { zones: ["program", "components", "backends", "fleet"], modules: /^@pulumi\/pulumi$/ },
  // Between the files and the resources: reads the stack's configuration, and asks the hosts before anything is declared.
  program: {
    zones: ["files", "fleet", "backends", "hosts", "components"],
    modules: /^@pulumi\/pulumi$/,
    isPure: true,
  },
  fleet: {
    zones: ["backends", "hosts"],
    modules: /^(ipaddr\.js|tldts|temporal-polyfill|node:crypto)$/,
    isPure: true,
  },
  hosts: { zones: ["fleet"], modules: /^node:crypto$/, isPure: true },
  backends: { zones: ["fleet", "hosts"], modules: /^(zod|node:crypto)$/, isPure: true },
  // An engine says where a tenant's networks may lie, so its checks of what people write are asked, too.
  files: { zones: ["fleet", "backends"], modules: /^(ajv|re2js|yaml|zod|tldts)$/, isPure: true },
  reports: {
    zones: ["files", "fleet", "backends", "hosts"],
    modules: /^(zod|tldts|node:crypto)$/,
    isPure: true,
  },
  components: {
    zones: ["fleet", "backends", "hosts"],
    modules: /^@pulumi\/(pulumi|docker|command|random|cloudflare)$/,
    isPure: true,
  },
  // The engine is driven from outside; a command that makes resources would be a second program.
  cli: {
    zones: ["files", "fleet", "backends", "hosts", "reports"],
    modules: /^(?!@pulumi\/)|^@pulumi\/pulumi\/automation(\/|$)/,
  },
  lab: { zones: product, modules: /./ },
  test: { zones: [...product, "lab", "bench"], modules: /./ },
  bench: { zones: [...product, "lab", "test"], modules: /./ },
};

/** Where a rule does not hold, and why. */
const exceptions: Readonly<Record<string, RegExp>> = {
  // The one place where the model meets a disk: it reads the files given and passes their texts on.
  "files/disk.ts": /^node:(fs|path)$/,
  // Reads the scripts that lie beside it so that they are linted and tested like the rest.
  "fleet/tenant/services/javaScript.ts": /^node:fs$/,
  // Watches the process that has started this one.
  "program/endWithEngine.ts": /^(node:(process|timers)|process|setInterval)$/,
  // A run may be told that it is another time.
  "program/clock.ts": /^(node:process|process|Date)$/,
  // Somebody who looks for a fault in the program says so in the environment.
  "program/leanTraces.ts": /^(node:process|process)$/,
  // The way to a machine: the one place that starts programs and the one that speaks to an engine's socket.
  "hosts/run.ts": /^(node:child_process|process)$/,
  "hosts/engineApi.ts": /^(node:(http|net|stream)|setTimeout)$/,
  "hosts/transport.ts": /^node:(child_process|net|path|stream)$/,
};

/** What makes a result depend on more than the arguments, without an import. */
const impure = new Set([
  "process",
  "fetch",
  "globalThis",
  "setTimeout",
  "setInterval",
  "performance",
  "console",
  "require",
  "eval",
]);

/** What a source does that its place does not allow, in words. */
function violations(file: string, text: string): string[] {
  const zone = zoneOf(file);
  if (zone === undefined) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...complaints(node, file, zone));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((what) => `${file}: ${what}`);
}

function complaints(node: ts.Node, file: string, zone: Zone): string[] {
  const isPure = rules[zone].isPure === true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const from = node.moduleSpecifier;
    return from !== undefined && ts.isStringLiteral(from) ? importComplaint(file, zone, from.text) : [];
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    return importComplaint(file, zone, node.argument.literal.text);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [from] = node.arguments;
    if (from !== undefined && ts.isStringLiteralLike(from)) return importComplaint(file, zone, from.text);
    return isPure ? ["imports what only a run can tell"] : [];
  }
  if (!isPure || !ts.isIdentifier(node) || isOnlyAName(node)) return [];
  if (impure.has(node.text)) return exceptions[file]?.test(node.text) ? [] : [`uses ${node.text}`];
  if (node.text === "Date" && !isAGivenTime(node)) {
    return exceptions[file]?.test(node.text) ? [] : ["uses the clock"];
  }
  const parent = node.parent;
  const isRandom = ts.isPropertyAccessExpression(parent) && parent.getText() === "Math.random";
  return isRandom && node.text === "random" ? ["uses chance"] : [];
}

/** A type, `Date.parse(text)` and `new Date(number)` work on a time that somebody else has read from the clock. */
function isAGivenTime(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isTypeReferenceNode(parent)) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.getText() === "Date.parse";
  return ts.isNewExpression(parent) && (parent.arguments?.length ?? 0) > 0;
}

/** `of.process` or `{ process: 1 }` name a property, not the global; Math.random is looked at as a whole. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent))
    return parent.name === node && parent.getText() !== "Math.random";
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node;
}

function importComplaint(file: string, zone: Zone, from: string): string[] {
  const { zones, modules } = rules[zone];
  if (!from.startsWith(".")) {
    return modules.test(from) || exceptions[file]?.test(from) ? [] : [`imports ${from}`];
  }
  const target = zoneOf(posix.join(dirname(file), from));
  if (target === undefined || target === zone || zones.includes(target)) return [];
  return [`imports from ${target}`];
}

function zoneOf(path: string): Zone | undefined {
  const first = path.split("/")[0] ?? "";
  return Object.keys(rules).find((zone): zone is Zone => zone === first);
}

const sources = Object.keys(rules)
  .filter((zone) => existsSync(join(root, zone)))
  .flatMap((zone) =>
    zone.endsWith(".ts")
      ? [zone]
      : readdirSync(join(root, zone), { recursive: true, encoding: "utf8" }).map((path) => `${zone}/${path}`),
  )
  .filter((path) => path.endsWith(".ts") && !path.includes("node_modules"));

describe("the arrows hold", () => {
  test("in every zone that has sources", () => {
    const zones = new Set(sources.map(zoneOf));
    for (const zone of [...product, "test"] as const) expect(zones).toContain(zone);
  });

  test.each(sources)("%s", (file) => {
    expect(violations(file, readFileSync(join(root, file), "utf8"))).toEqual([]);
  });
});

/** The files that a source imports, types included. */
function importedBy(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => posix.join(dirname(file), fileName));
}

/** Circles among files, each as the way round it. One that shares a file with another may be found only after that one. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      found.push([...way.slice(way.indexOf(file)), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

describe("no files import each other in a circle", () => {
  test("in this project", () => {
    expect(circles(new Map(sources.map((file) => [file, importedBy(file)])))).toEqual([]);
  });

  test("and a circle is seen", () => {
    const imports = new Map([
      ["a.ts", ["b.ts"]],
      ["b.ts", ["c.ts", "d.ts"]],
      ["c.ts", ["b.ts"]],
      ["d.ts", []],
    ]);
    expect(circles(imports)).toEqual(["b.ts → c.ts → b.ts"]);
  });
});

describe("every exception is still needed", () => {
  test.each(Object.entries(exceptions))("%s", (file, pattern) => {
    const text = readFileSync(join(root, file), "utf8");
    const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    expect(imported.some((name) => pattern.test(name))).toBe(true);
  });
});

describe("the checker sees", () => {
  test.each<[what: string, file: string, text: string, ...found: string[]]>([
    [
      "a model that makes resources",
      "fleet/x.ts",
      'import * as pulumi from "@pulumi/pulumi";',
      "imports @pulumi/pulumi",
    ],
    [
      "a type from Pulumi",
      "fleet/x.ts",
      'import type { Output } from "@pulumi/pulumi";',
      "imports @pulumi/pulumi",
    ],
    [
      "an inline type from Pulumi",
      "fleet/x.ts",
      'type X = import("@pulumi/pulumi").Output<string>;',
      "imports @pulumi/pulumi",
    ],
    ["a model that reads a disk", "fleet/x.ts", 'import { readFileSync } from "node:fs";', "imports node:fs"],
    ["without the prefix too", "fleet/x.ts", 'import fs from "fs/promises";', "imports fs/promises"],
    [
      "a model that runs programs",
      "fleet/a/x.ts",
      'import "node:child_process";',
      "imports node:child_process",
    ],
    ["a model that opens sockets", "fleet/x.ts", 'export * from "node:net";', "imports node:net"],
    ["a model that imports late", "fleet/x.ts", 'await import("node:http");', "imports node:http"],
    [
      "a model that imports the unknown",
      "fleet/x.ts",
      "await import(name);",
      "imports what only a run can tell",
    ],
    ["a model that requires", "fleet/x.ts", 'const fs = require("node:fs");', "uses require"],
    ["a model that fetches", "fleet/x.ts", 'await fetch("https://x");', "uses fetch"],
    ["a model that reads the environment", "fleet/x.ts", "const x = process.env.X;", "uses process"],
    ["a model that looks at the clock", "fleet/x.ts", "const x = Date.now();", "uses the clock"],
    ["a model that makes a date", "fleet/x.ts", "const x = new Date();", "uses the clock"],
    ["a model that throws dice", "fleet/x.ts", "const x = Math.random();", "uses chance"],
    [
      "a model that knows its components",
      "fleet/a/x.ts",
      'import { X } from "../../components/x.ts";',
      "imports from components",
    ],
    ["a model that exports the lab", "fleet/x.ts", 'export { X } from "../lab/x.ts";', "imports from lab"],
    ["a component that parses", "components/x.ts", 'import { parse } from "yaml";', "imports yaml"],
    ["a component that validates", "components/x.ts", 'import { z } from "zod";', "imports zod"],
    ["a component that reads a disk", "components/a/x.ts", 'import fs from "node:fs";', "imports node:fs"],
    [
      "a component that runs programs",
      "components/x.ts",
      'import cp from "node:child_process";',
      "imports node:child_process",
    ],
    [
      "a component that knows a command",
      "components/x.ts",
      'import { X } from "../cli/x.ts";',
      "imports from cli",
    ],
    [
      "a component that knows the program",
      "components/x.ts",
      'import "../index.ts";',
      "imports from index.ts",
    ],
    [
      "a command that makes resources",
      "cli/x.ts",
      'import * as docker from "@pulumi/docker";',
      "imports @pulumi/docker",
    ],
    [
      "a command that is a program",
      "cli/x.ts",
      'import * as pulumi from "@pulumi/pulumi";',
      "imports @pulumi/pulumi",
    ],
    [
      "a command that uses components",
      "cli/x.ts",
      'import { X } from "../components/x.ts";',
      "imports from components",
    ],
    ["a command that uses the lab", "cli/x.ts", 'import { X } from "../lab/x.ts";', "imports from lab"],
    ["a program that uses the lab", "index.ts", 'import { X } from "./lab/x.ts";', "imports from lab"],
    ["a program that parses", "index.ts", 'import { parse } from "yaml";', "imports yaml"],
    ["a lab that leans on the tests", "lab/x.ts", 'import { X } from "../test/x.ts";', "imports from test"],
  ])("%s", (_what, file, text, ...found) => {
    expect(violations(file, text)).toEqual(found.map((what) => `${file}: ${what}`));
  });

  test.each<[what: string, file: string, text: string]>([
    ["a model that hashes", "fleet/x.ts", 'import { createHash } from "node:crypto";'],
    [
      "a model that parses",
      "files/x.ts",
      'import { z } from "zod"; import { parse } from "yaml"; import "./y.ts";',
    ],
    ["a model that reckons with a time that it is given", "fleet/x.ts", "new Date(5); Date.parse(text);"],
    [
      "a property that is called like a global",
      "fleet/x.ts",
      "const x = { process: 1 }; x.process; x.fetch;",
    ],
    [
      "words in a comment or a text",
      "fleet/x.ts",
      '// import "node:fs"\nconst x = "import fs from \\"node:fs\\"; process";',
    ],
    [
      "a component that makes resources",
      "components/a/x.ts",
      'import * as docker from "@pulumi/docker"; import "../../fleet/x.ts";',
    ],
    [
      "a command that drives the engine",
      "cli/x.ts",
      'import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js"; import "node:fs";',
    ],
    [
      "a test that uses everything",
      "test/x.test.ts",
      'import "../lab/x.ts"; import "../components/x.ts"; import "node:net";',
    ],
    ["a bench that uses the lab", "bench/x.ts", 'import "../lab/x.ts";'],
  ])("nothing wrong in %s", (_what, file, text) => {
    expect(violations(file, text)).toEqual([]);
  });
});
