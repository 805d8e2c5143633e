import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { parseDocument } from "yaml";
import { plannedFleet } from "../../../backends/docker/fleetPlan.ts";
import { text } from "../../../cli/plan/text.ts";
import { loadFleet } from "../../../files/load.ts";
import { FleetProblems } from "../../../files/problem.ts";
import { unseen } from "../../../fleet/visible.ts";
import { stackDocument } from "../../../reports/plan/document.ts";
import { markdown } from "../../../reports/plan/markdown.ts";
import { page } from "../../../reports/plan/page.ts";
import { stackReport } from "../../../reports/plan/stackReport.ts";
import { pathsOf } from "../../files/corpus.ts";
import { input, releasesText, ringsText, stackConfig } from "../../fleet/fleetInput.ts";

// Sixty whole plans, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** What passes for one thing and is another, one for each fault of its kind that was met. */
const odd = [
  "login.example.123",
  "xn--a.com",
  "xn--.com",
  "bigcorp.com",
  "a.0x1f",
  "1.2.3",
  "0.0.0.0",
  "::",
  "::ffff:1.2.3.4",
  "fe80::1%eth0",
  "com.bigcorp.app:/callback",
  "com.bigcorp.app:callback",
  "https://[::1",
  "https://app.example/%zz",
  "https:///x",
  "HTTPS://APP.EXAMPLE/",
  "https://bücher.example/",
  "ssh://Root@EU-1",
  "ssh://deploy@2001:db8::1",
  "ssh://deploy@host.123:22",
  "unix:///",
  "10.0.0.0/33",
  "0.0.0.0/0",
  "1e309",
  "16Gi",
  "constructor",
  "__proto__",
  "a\u001b[31mb",
  "a\u0000b",
  "a\u202eb",
  "\ufeff",
  "\u00a0",
  "=cmd|' /C calc'!A0",
  "<script>alert(1)</script>",
  "$(id)",
  "| --- |",
  "../../../etc/passwd",
];
const value = fc.oneof(
  fc.constantFrom(...odd),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(null, true, 0, -1, 1.5, [], {}, [null], [[]], ["a", 1], { a: {} }),
  fc.constantFrom(...odd).map((text) => [text]),
);

const places = { tenants: ringsText, releases: releasesText, config: JSON.stringify(stackConfig) };
type File = keyof typeof places;
const place = fc.constantFrom(
  ...Object.entries(places).flatMap(([file, text]) =>
    pathsOf(parseDocument(text).contents).map((at) => ({ file: file as File, at })),
  ),
);
const edit = fc.record({ place, value });

function changed(
  file: File,
  edits: readonly { readonly place: { file: File; at: (string | number)[] }; readonly value: unknown }[],
) {
  const document = parseDocument(places[file]);
  for (const { place, value } of edits) {
    // An edit above may have taken the place away.
    if (place.file === file && document.hasIn(place.at)) document.setIn(place.at, document.createNode(value));
  }
  return document;
}

test("no file crashes the check or the plan, and no sign of it steers a terminal", () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const given = {
        tenants: changed("tenants", edits).toString(),
        releases: changed("releases", edits).toString(),
        config: changed("config", edits).toJS(),
      };
      try {
        const planned = plannedFleet(loadFleet(input(given)));
        const one = stackDocument(
          "prod",
          "none",
          { planned },
          () => stackReport(planned, {}, []),
          new Date(0),
        );
        const document = { version: 1, stacks: [one] } as const;
        const printed = [text(document, { width: 100, hasColor: false }), markdown(document), page(document)];
        for (const lines of printed) expect(lines).not.toMatch(unseen);
      } catch (error) {
        if (!(error instanceof FleetProblems)) throw error;
        expect(error.message).not.toMatch(unseen);
      }
    }),
    { numRuns: 60 },
  );
});

test("a stack of edges alone is told in lines", () => {
  const config = { ...stackConfig, edge: { hosts: ["eu-1", "eu-2"] }, elsewhere: [] };
  const tenants = 'defaults: { release: "2026.11", mail: none }\ntenants:\n  acme: {}\n';
  expect(() => loadFleet(input({ config, tenants }))).toThrowError(
    "olympus:edge.hosts: names every host of the stack, and an edge holds no tenant. Add a host for tenants to olympus:hosts.",
  );
  expect(() => loadFleet(input({ config, tenants }))).toThrowError(
    "tenants.yaml:3:3  tenants.acme.host: is missing, and every host of the stack is an edge, where no tenant lives. " +
      "Write host: with a host that is not an edge, and add it to olympus:hosts.",
  );
});
