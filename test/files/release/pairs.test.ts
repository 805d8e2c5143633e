import { expect, test } from "vitest";
import { releaseWarnings } from "../../../files/release/pairs.ts";
import { baseInTag, versionInTag } from "../../../fleet/image.ts";
import { tenant } from "../../fixtures.ts";

const { release } = tenant("acme");

function warningsOf(
  kratos: string,
  hydra: string,
  postgresMajor = 18,
  ownImages: readonly string[] = [],
): string[] {
  const versions = {
    kratos: versionInTag(`r.test/kratos:${kratos}`),
    hydra: versionInTag(`r.test/hydra:${hydra}`),
  };
  return releaseWarnings([tenant("acme", { release: { ...release, versions, postgresMajor, ownImages } })]);
}

test.each([
  ["v26.2.0", "v26.2.0"],
  ["v26.2.0", "v26.2.3"],
  ["v26.2.0-distroless", "26.2.0"],
  ["v1.3.1", "v2.3.0"],
  // Nothing can be said of a tag that is no version.
  ["latest", "v26.2.0"],
  ["sha-0123456", "sha-0123456"],
])("Kratos %s and Hydra %s are known, or cannot be told", (kratos, hydra) => {
  expect(warningsOf(kratos, hydra)).toEqual([]);
});

test.each([
  ["v26.2.0", "v25.4.0"],
  ["v1.3.1", "v2.2.0"],
  ["v26.2.0", "v2.3.0"],
])("Kratos %s and Hydra %s are not", (kratos, hydra) => {
  expect(warningsOf(kratos, hydra)).toEqual([
    `release 2026.11: Kratos ${kratos} and Hydra ${hydra} are not known to work together. Write versions of one train, such as v26.2.`,
  ]);
});

test("Postgres outside what was tried", () => {
  expect(warningsOf("v26.2.0", "v26.2.0", 19)).toEqual([
    "release 2026.11: Postgres 19 is not known to work with Kratos and Hydra. Write 14 to 18.",
  ]);
});

const moved = " Official tags that name no system mean trixie since August 2025, and meant bookworm before.";

test.each([
  ["registry.test/postgres:1", "Write a tag that says it, such as 1-trixie, or postgresBase: trixie."],
  [
    "registry.test/postgres:sha-0123456",
    "Write a tag that says it, such as 18.1-trixie, or postgresBase: trixie.",
  ],
  [
    "docker.io/library/postgres:18.1-slim",
    "Write a tag that says it, such as 18.1-trixie, or postgresBase: trixie.",
  ],
  ["postgres:18.3", `Write a tag that says it, such as 18.3-trixie, or postgresBase: trixie.${moved}`],
  // A release is pinned by digest; it has no tag that could say more.
  [`postgres@sha256:${"0".repeat(64)}`, "Write postgresBase: trixie, for example."],
])("nobody has said what %s is built on", (postgres, remedy) => {
  const images = { ...release.images, postgres };
  const unknown = { ...release, images, postgresBase: undefined };
  const fault = `Postgres's image ${postgres} does not say what it is built on, so one with another C library would be refused at its start only.`;
  expect(releaseWarnings([tenant("acme", { release: unknown })])).toEqual([
    `release 2026.11: ${fault} ${remedy}`,
  ]);
  // A tenant's entry has no postgresBase.
  const [own] = releaseWarnings([tenant("acme", { release: { ...unknown, ownImages: [postgres] } })]);
  expect(own).toContain(fault);
  expect(own).not.toContain("postgresBase");
});

test.each([
  ["docker.io/library/postgres:18.1-trixie", "trixie"],
  ["docker.io/library/postgres:18.4-alpine3.23", "alpine"],
  ["postgres:18-alpine", "alpine"],
  ["ghcr.io/cloudnative-pg/postgresql:18.1-system-trixie", "trixie"],
  [`postgres:18.1-bookworm@sha256:${"0".repeat(64)}`, "bookworm"],
  ["docker.io/library/postgres:18.1", undefined],
  ["registry.test/trixie/postgres:18.1", undefined],
  ["registry.test/postgres:trixie", undefined],
  [`registry.test/postgres@sha256:${"0".repeat(64)}`, undefined],
])("the tag of %s says %s", (image, base) => {
  expect(baseInTag(image)).toBe(base);
});

test("a release that many tenants use is named once, one with own images by its tenant", () => {
  const versions = { kratos: "v1.0.0", hydra: "v1.0.0" };
  const odd = { release: { ...release, versions } };
  const own = { release: { ...release, versions, ownImages: ["r.test/kratos:v1.0.0"] } };
  const found = releaseWarnings([tenant("acme", odd), tenant("bigcorp", odd), tenant("third", own)]);
  expect(found.map((line) => line.split(":")[0])).toEqual(["release 2026.11", "third, release 2026.11"]);
});
