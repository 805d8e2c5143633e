import { describe, expect, test } from "vitest";
import type { Problem } from "../../files/problem.ts";
import { refusalOf } from "../fleet/fleetInput.ts";
import {
  byHand,
  mangled,
  mistyped,
  spoilt,
  spoiltConfig,
  truncated,
  type WrongFiles,
  wrongRings,
} from "./corpus.ts";

const corpus: Readonly<Record<string, readonly WrongFiles[]>> = {
  "spoilt values of tenants.yaml": spoilt("tenants"),
  "spoilt values of releases.yaml": spoilt("releases"),
  "spoilt values of the stack's configuration": spoiltConfig(),
  "mistyped keys of tenants.yaml": mistyped("tenants"),
  "mistyped keys of releases.yaml": mistyped("releases"),
  "wrong rings of tenants.yaml": wrongRings(),
  "mangled lines of tenants.yaml": mangled("tenants"),
  "mangled lines of releases.yaml": mangled("releases"),
  "tenants.yaml cut short": truncated("tenants"),
  "releases.yaml cut short": truncated("releases"),
  "by hand": byHand,
};

const files = ["Pulumi.prod.yaml", "releases.yaml", "tenants.yaml"];

/** What no message may have: traces, values of our own that leaked, and no way out. */
function complaints({ place, path, fault, remedy }: Problem, given: WrongFiles["given"]): string[] {
  const text = {
    "tenants.yaml": given.tenants,
    "releases.yaml": given.releases,
    "Pulumi.prod.yaml": given.stackText,
  };
  const lineCount = Object.entries(text)
    .find(([file]) => file === place?.file)?.[1]
    ?.split("\n").length;
  const line = `${path}: ${fault}. ${remedy}`;
  const isWrong = [
    ["no file", place === undefined || !files.includes(place.file)],
    ["no line", place === undefined || place.line < 1 || place.column < 1],
    ["a line behind the end", place !== undefined && lineCount !== undefined && place.line > lineCount],
    ["no path", path === ""],
    ["no remedy", !/\b(Write|Did you mean) \S/.test(remedy) || !/[.?]$/.test(remedy)],
    ["a fault that is no clause", fault === "" || /\.$/.test(fault)],
    ["something of ours", /undefined|NaN|\[object|\bat \/|node_modules|ZodError|zod|\.ts:\d/.test(line)],
    ["a line break", /[\r\n]/.test(line)],
    ["a control character", /\p{Cc}/u.test(line)],
    ["no end", line.length > 700],
  ] as const;
  return isWrong.flatMap(([what, found]) => (found ? [`${what}: ${line}`] : []));
}

/** Each once: reading over 1,000 sets of files is what takes the time. Anything but FleetProblems is a crash. */
const refusals = new Map(
  Object.entries(corpus).map(([kind, cases]) => [
    kind,
    cases.flatMap((one) => {
      const refusal = refusalOf(one.given);
      return refusal === undefined ? [] : [{ ...one, refusal }];
    }),
  ]),
);

describe.each(Object.entries(corpus))("%s", (kind, cases) => {
  const refused = refusals.get(kind) ?? [];

  test("are mostly wrong: the generator does what it is for", () => {
    expect(refused.length / cases.length).toBeGreaterThan(0.6);
  });

  test("each problem has a file, a line, a clause and a remedy", () => {
    const found = refused.flatMap(({ what, given, refusal }) =>
      refusal.problems.flatMap((problem) =>
        complaints(problem, given).map((complaint) => `${what} -> ${complaint}`),
      ),
    );
    expect(found).toEqual([]);
  });

  test("nobody gets a stack trace, even from who prints the whole error", () => {
    for (const { refusal } of refused) expect(refusal.stack).toBe(refusal.message);
  });

  test("are told in the order of file, line and column", () => {
    for (const { refusal } of refused) {
      const places = refusal.problems.map(({ place }) => place);
      const keys = places.map(
        (place) => `${place?.file} ${`${place?.line}`.padStart(6)} ${`${place?.column}`.padStart(6)}`,
      );
      expect(keys).toEqual(keys.toSorted());
    }
  });
});

test("the corpus is large enough to mean something", () => {
  expect([...refusals.values()].flat().length).toBeGreaterThan(800);
  expect(refusals.get("by hand")?.length).toBeGreaterThan(40);
});

test("a spoilt value is reported below its tenant, release or top-level key, or as what then lacks it", () => {
  const astray = ["tenants", "releases"].flatMap((file) =>
    (refusals.get(`spoilt values of ${file}.yaml`) ?? []).flatMap(({ what, refusal, at = [] }) => {
      const top = String(at[0]);
      const isNear = refusal.problems.some(({ path, fault }) => path.startsWith(top) || fault.includes(top));
      return isNear ? [] : [`${what} -> ${refusal.message}`];
    }),
  );
  expect(astray).toEqual([]);
});
