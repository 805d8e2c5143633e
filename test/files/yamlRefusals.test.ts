import { describe, expect, test } from "vitest";
import { lines, tenant } from "../fleet/fleetInput.ts";

/** One tenant with these fields, and the whole of what its author reads. */
type Refusal = readonly [fields: string, ...messages: string[]];

const yaml: readonly Refusal[] = [
  [
    "{ <<: {} }",
    "tenants.yaml:3:8  tenants.t: the merge key << is refused: an edit at its anchor would change this entry too, unseen in review. Write the fields out, or put them under defaults.",
  ],
  [
    "*a",
    "tenants.yaml:3:6  tenants.t: the alias *a is refused: an edit at its anchor would change this line too, unseen in review. Write the value out, or put it under defaults.",
  ],
  [
    "!x {}",
    "tenants.yaml:3:6  tenants.t: a YAML tag (!name) stands here, and the fleet knows none. Write the plain value without the tag.",
  ],
  [
    "{ host: local, host: local }",
    "tenants.yaml:3:21  tenants.t.host: this key stands twice in the same map, and only one of them could count. Write it once: merge the two, or rename one.",
  ],
  [
    "{ host: local",
    "tenants.yaml:4:1  tenants.t.host: the indentation does not fit the lines around it, or a bracket is not closed. Write two spaces per level, and close every [ and {.",
  ],
  [
    "\n\thost: local",
    "tenants.yaml:4:1  tenants.t: a tab indents this line, which YAML forbids. Write spaces, two per level.",
  ],
  [
    "\n    host: a: b",
    "tenants.yaml:4:11  tenants.t.host.a: two `key: value` stand on one line. Write each on its own line, or put quotes around a text that has a colon in it.",
  ],
  [
    "{ ? [a] : b }",
    "tenants.yaml:3:10  tenants.t: a key must be text, not a map or a list. Write `name: value`.",
  ],
  ["{ __proto__: x }", "tenants.yaml:3:8  tenants.t: __proto__ cannot be a name. Write another name."],
  [
    "{ '': x }",
    "tenants.yaml:3:8  tenants.t: a key is missing before the colon. Write a name before the colon.",
  ],
  [
    "{ host: @x }",
    "tenants.yaml:3:14  tenants.t.host: plain text cannot start with this character. Write quotes around the text.",
  ],
  [
    '{ host: "\\q" }',
    "tenants.yaml:3:15  tenants.t.host: this backslash sequence is unknown within double quotes. Write single quotes, or two backslashes for one.",
  ],
  [
    "\n    host: local\n    ring stable\n    size: small",
    "tenants.yaml:5:5  tenants.t: this line is neither `key: value` nor part of a list. Write a colon and a space after the key.",
  ],
];

describe.each([["YAML", yaml]] as const)("%s", (_topic, refusals) => {
  test.each(refusals)("t: %s", (fields, ...messages) => {
    expect(lines(tenant(fields))).toEqual(messages);
  });
});

test("a merge conflict is told as such, wherever it is", () => {
  const fault =
    "tenants.yaml: a merge conflict begins here that nobody has settled. Write the lines as they should be, and take out those that begin with <<<<<<<, ======= and >>>>>>>.";
  const conflict = (ours: string, theirs: string) => `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> topic\n`;
  const head = 'defaults: { release: "2026.11", mail: none }\ntenants:\n';
  expect(lines({ tenants: `${head}${conflict("  a: {}\n", "  b: {}\n")}` })).toEqual([
    `tenants.yaml:3:1  ${fault}`,
  ]);
  expect(lines({ tenants: `${conflict("", "# x\n")}${head}  c: {}\n${conflict("  a: {}\n", "")}` })).toEqual([
    `tenants.yaml:1:1  ${fault}`,
    `tenants.yaml:8:1  ${fault}`,
  ]);
});
