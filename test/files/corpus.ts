import { Document, isMap, isScalar, isSeq, parseDocument } from "yaml";
import {
  type Given,
  releasesText,
  ringsText,
  stackConfig,
  tenant,
  tenantsText,
} from "../fleet/fleetInput.ts";

/** A set of files with something wrong, and a name that says what. */
export interface WrongFiles {
  readonly what: string;
  readonly given: Given;
  /** Path of the value that was spoilt, when there is one. */
  readonly at?: readonly (string | number)[];
}

/** What nobody means, in every kind of value. */
const nonsense: readonly unknown[] = [-1, null, "x y", ["x y", 5], { nope: 1 }];

const textOf = (file: "tenants" | "releases") => (file === "tenants" ? tenantsText : releasesText);

/** Every value of the file in turn, replaced by every kind of nonsense. */
export function spoilt(file: "tenants" | "releases", text = textOf(file)): WrongFiles[] {
  return pathsOf(parseDocument(text).contents).flatMap((at) =>
    nonsense.map((value) => {
      const document = parseDocument(text);
      document.setIn(at, document.createNode(value));
      return {
        what: `${file}: ${at.join(".")} = ${JSON.stringify(value)}`,
        given: { [file]: document.toString() },
        at,
      };
    }),
  );
}

/** Every value of the stack's configuration, likewise. */
export function spoiltConfig(): WrongFiles[] {
  const document = new Document(stackConfig);
  return pathsOf(document.contents).flatMap((at) =>
    nonsense.map((value) => {
      const changed = new Document(stackConfig);
      changed.setIn(at, value);
      const stackText = new Document({
        config: Object.fromEntries(
          Object.entries(changed.toJS()).map(([key, inner]) => [`olympus:${key}`, inner]),
        ),
      }).toString();
      return {
        what: `config: ${at.join(".")} = ${JSON.stringify(value)}`,
        given: { config: changed.toJS(), stackText },
        at,
      };
    }),
  );
}

/** Every key in turn, with its letters in another order or one too many. */
export function mistyped(file: "tenants" | "releases", text = textOf(file)): WrongFiles[] {
  return pathsOf(parseDocument(text).contents).flatMap((at) => {
    const key = at.at(-1);
    if (typeof key !== "string" || key.length < 4) return [];
    return [
      `${key}s`,
      `${key.slice(0, 1)}${key.slice(2, 3)}${key.slice(1, 2)}${key.slice(3)}`,
      key.toUpperCase(),
    ].map((wrong) => {
      const document = parseDocument(text);
      const parent = document.getIn(at.slice(0, -1));
      const pair = isMap(parent)
        ? parent.items.find((one) => isScalar(one.key) && one.key.value === key)
        : undefined;
      if (pair !== undefined && isScalar(pair.key)) pair.key.value = wrong;
      return { what: `${file}: ${at.join(".")} as ${wrong}`, given: { [file]: document.toString() } };
    });
  });
}

/** Rings with settings: both of the above, below `rings` alone. */
export function wrongRings(): WrongFiles[] {
  const [head = ""] = ringsText.split("tenants:");
  const rings = head.slice(head.indexOf("rings:"));
  const whole = ({ what, given }: WrongFiles): WrongFiles => ({
    what,
    given: { tenants: ringsText.replace(rings, () => given.tenants ?? "") },
  });
  return [...spoilt("tenants", rings), ...mistyped("tenants", rings)].map(whole);
}

/** What happens to lines in editors and merges. */
export function mangled(file: "tenants" | "releases"): WrongFiles[] {
  const all = textOf(file).split("\n").slice(0, -1);
  const change = (what: string, index: number, ...lines: string[]) => ({
    what: `${file}:${index + 1} ${what}`,
    given: { [file]: `${all.toSpliced(index, 1, ...lines).join("\n")}\n` },
  });
  return all.flatMap((line, index) => [
    change("left out", index),
    change("written twice", index, line, line),
    change("indented by a tab", index, `\t${line.trimStart()}`),
    change("without its colon", index, line.replace(":", "")),
    change("with an open quote", index, line.replace(": ", ': "')),
    change("with an open bracket", index, line.replace(": ", ": [")),
    change("with a merge conflict above", index, "<<<<<<< HEAD", line),
    change("cut in the middle, the rest gone", index, line.slice(0, line.length / 2)),
  ]);
}

/** The file as a crash or a full disk leaves it. */
export function truncated(file: "tenants" | "releases"): WrongFiles[] {
  const text = textOf(file);
  return Array.from({ length: 25 }, (_, part) => Math.floor((text.length * part) / 25)).map((length) => ({
    what: `${file} cut at ${length}`,
    given: { [file]: text.slice(0, length) },
  }));
}

/** What people do that no generator thinks of. */
export const byHand: readonly WrongFiles[] = [
  ["a tenant as a list item", "- t"],
  ["a compose file", "{ image: postgres, ports: ['5432:5432'], environment: { POSTGRES_PASSWORD: x } }"],
  ["a Kubernetes manifest", "{ apiVersion: v1, kind: Namespace, metadata: { name: acme } }"],
  ["environment variables", "{ host: $HOST }"],
  ["a template", "{ host: {{ .Values.host }} }"],
  ["an include", "!include tenant.yaml"],
  ["windows line ends and a wrong host", "\r\n    host: eu-9\r\n"],
  ["a byte order mark inside", "{ \ufeffhost: local }"],
  ["a non-breaking space", "{ host:\u00a0local }"],
  ["typographic quotes", "{ release: “2026.11” }"],
  ["a key that is a list", "{ [a, b]: c }"],
  ["a key that is a map", "{ { a: b }: c }"],
  ["a key that is null", "{ ~: c }"],
  ["a number with an exponent", "{ release: 1e3 }"],
  ["not a number", "{ secrets: { generation: .nan } }"],
  ["infinity", "{ secrets: { generation: .inf } }"],
  ["a generation beyond numbers", "{ secrets: { generation: 99999999999999999999 } }"],
  ["octal", "{ secrets: { generation: 0o17777 } }"],
  ["a date", "{ release: 2026-11-24 }"],
  ["an anchor that means itself", "&t { host: *t }"],
  ["a billion laughs", "{ a: &a [x, x], b: &b [*a, *a], c: &c [*b, *b], d: [*c, *c] }"],
  ["binary data", "!!binary R0lGODlhDAAMAIQAAP"],
  ["a set", "!!set { a, b }"],
  ["an ordered map", "!!omap [a: 1]"],
  ["a folded block", "{ host: >\n  local }"],
  ["a very long name", `{ host: ${"a".repeat(5000)} }`],
  ["a very long list", `{ domains: [${"a.com, ".repeat(500)}b.com] }`],
  ["a thousand unknown keys", `{ ${Array.from({ length: 1000 }, (_, n) => `k${n}: 1`).join(", ")} }`],
  ["an emoji", "{ ring: 🚀 }"],
  ["right-to-left text", "{ ring: חדש }"],
  ["a prototype", "{ __proto__: { host: local } }"],
  ["a constructor", "{ constructor: { prototype: {} } }"],
  ["a control character", '{ requirement: "a\\u0000b", ring: "\\u001b[31m" }'],
  ["a YAML directive in the middle", "\n%YAML 1.1\n"],
  ["a document end in the middle", "\n...\nmore: 1\n"],
  ["a question mark", "\n    ? host\n"],
  ["a lone dash", "\n    -\n"],
  ["a lone colon", "\n    :\n"],
  ["a lone bracket", "]"],
  ["a lone star", "*"],
  ["a lone ampersand", "&"],
  ["a percent sign", "%"],
  ["a backtick", "`host`"],
  ["an at sign", "@acme"],
  ["HTML", "<tenant host='eu-1'/>"],
  ["JSON with a trailing brace", '{"host": "local"}}'],
  ["an unknown escape", '{ host: "\\z" }'],
  ["a host in quotes with a line end", '{ host: "local\n\n  two" }'],
].map(([what, fields]) => ({ what: what ?? "", given: tenant(fields ?? "") }));

export function pathsOf(node: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (isMap(node)) {
    return node.items.flatMap(({ key, value }) => {
      const here = [...at, isScalar(key) ? String(key.value) : ""];
      return [here, ...pathsOf(value, here)];
    });
  }
  if (isSeq(node))
    return node.items.flatMap((item, index) => [[...at, index], ...pathsOf(item, [...at, index])]);
  return [];
}
