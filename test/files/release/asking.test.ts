import { expect, test } from "vitest";
import { asking } from "../../../files/release/asking.ts";

const file = "tenants.yaml";
const asked = (text: string, wanted: Readonly<Record<string, string>>) =>
  asking({ file, text }, new Map(Object.entries(wanted)));

const commented = `# The fleet.
defaults:
  release: "2026.12" # since Tuesday
  ring: stable
tenants:
  acme: {} # the first
  # Large.
  bigcorp:
    # Their auditor's.
    size: medium
    release: '2026.12'
    ring: canary
  empty:
  flow: { size: large }
  block: # in one ring
    # Of the size.
    size: small
`;

test("an own release is changed in its place, quotes and comments stay", () => {
  const found = asked(commented, { bigcorp: "2026.11" });
  expect(found?.text).toBe(commented.replace("release: '2026.12'", "release: '2026.11'"));
  expect(found?.changes).toEqual([
    {
      place: { file, line: 11, column: 5 },
      path: "tenants.bigcorp.release",
      from: "2026.12",
      to: "2026.11",
    },
  ]);
});

test("who relies on the default gets a line of their own, above the comment of the first field", () => {
  const found = asked(commented, { acme: "2026.11", empty: "2026.11", flow: "2026.11" });
  expect(found?.text).toBe(
    commented
      .replace("acme: {} #", 'acme: { release: "2026.11" } #')
      .replace("empty:", 'empty: { release: "2026.11" }')
      .replace("{ size: large }", '{ release: "2026.11", size: large }'),
  );
  expect(asked(commented, { block: "2026.11" })?.text).toBe(
    commented.replace("# in one ring\n", '# in one ring\n    release: "2026.11"\n'),
  );
});

test("the default is changed where most who rely on it get the same; the others keep theirs by a line of their own", () => {
  const most = { acme: "2026.11", empty: "2026.11", flow: "2026.11", block: "2026.12" };
  expect(asked(commented, most)?.changes.map(({ path, to }) => `${path} ${to}`)).toEqual([
    "defaults.release 2026.11",
    "tenants.block.release 2026.12",
  ]);
  const { block: _, ...known } = most;
  expect(asked(commented, known)?.changes.map(({ path }) => path)).toEqual([
    "tenants.acme.release",
    "tenants.empty.release",
    "tenants.flow.release",
  ]);
});

test("the default is changed where all who rely on it get the same", () => {
  const all = { acme: "2026.11", empty: "2026.11", flow: "2026.11", block: "2026.11" };
  const found = asked(commented, { ...all, bigcorp: "2026.11" });
  expect(found?.text).toBe(
    commented.replace('"2026.12" # since', '"2026.11" # since').replace("'2026.12'", "'2026.11'"),
  );
  expect(found?.changes.map(({ path }) => path)).toEqual(["defaults.release", "tenants.bigcorp.release"]);
});

test("nothing is changed where all is so already", () => {
  expect(asked(commented, { acme: "2026.12", bigcorp: "2026.12" })).toEqual({ text: commented, changes: [] });
});

test("JSON stays JSON, and lines keep their ends", () => {
  const json = JSON.stringify({ defaults: { release: "2" }, tenants: { a: { ring: "x" }, b: {} } });
  expect(JSON.parse(asked(json, { a: "1" })?.text ?? "")).toEqual({
    defaults: { release: "2" },
    tenants: { a: { release: "1", ring: "x" }, b: {} },
  });
  const dos = 'defaults: { release: "2" }\r\ntenants:\r\n  a:\r\n    ring: x\r\n  b: {}\r\n';
  expect(asked(dos, { a: "1" })?.text).toBe(dos.replace("a:\r\n", 'a:\r\n    release: "1"\r\n'));
});

test("what cannot be changed without touching more is left alone", () => {
  expect(asked("tenants: [", { a: "1" })).toBeUndefined();
  expect(asked("defaults: { release: '2' }\ntenants: { a: text, b: {} }", { a: "1" })).toBeUndefined();
});
