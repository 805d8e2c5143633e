import { describe, expect, test } from "vitest";
import { Known, type KnownResource } from "../../../backends/docker/known.ts";
import { ledgerOf } from "../../../backends/docker/ledger.ts";
import type { Release } from "../../../fleet/model.ts";
import { releaseId } from "../../../fleet/release.ts";
import { emptyLedger, type Verification } from "../../../fleet/rings/ledger.ts";
import { recordOf, verificationRecordOf } from "../../../fleet/rings/record.ts";
import type { Part } from "../../../fleet/tenant/parts.ts";
import { tenant } from "../../fixtures.ts";

const { wanted } = tenant("acme");
const withVersions = {
  ...wanted,
  versions: { kratos: "v26.2.0", hydra: undefined },
  postgresBase: undefined,
};
const verification: Verification = {
  id: releaseId(wanted),
  release: wanted.name,
  at: new Date("2026-11-28T12:00:00Z"),
};
const failed: Verification = {
  ...verification,
  id: "0123456789ab",
  failure: { at: new Date("2026-11-28T13:00:00Z"), words: "kratos of acme is not healthy" },
};

/** As Pulumi hands outputs back: through JSON. */
const state = (type: string, name: string, outputs: Readonly<Record<string, unknown>>) => ({
  type: `olympus:fleet:${type}`,
  name,
  outputs: JSON.parse(JSON.stringify(outputs)),
});

test("what the components of a run keep is what the next run reads", () => {
  const { given, verified } = ledgerOf(
    new Known([
      state("TenantStack", "acme", { urls: {}, given: { release: recordOf(wanted) } }),
      state("TenantStack", "bigcorp", { given: { release: recordOf(withVersions) } }),
      state("Ring", "canary", { verified: [verification, failed].map(verificationRecordOf) }),
    ]),
  );
  expect([...given]).toEqual([
    ["acme", wanted],
    ["bigcorp", withVersions],
  ]);
  expect([...verified]).toEqual([["canary", [verification, failed]]]);
});

describe("a tenant that was given another release", () => {
  const renamed = { ...wanted, name: "2026.12" };
  const other = (part: "kratos" | "hera") => `registry.test/${part}:2`;
  const edited = { ...wanted, images: { ...wanted.images, kratos: other("kratos"), hera: other("hera") } };
  const next = { ...edited, name: "2026.12" };
  const given = (release: Release, ...containers: readonly KnownResource[]) => {
    const outputs = { given: { release: recordOf(release), before: { release: recordOf(wanted) } } };
    return ledgerOf(new Known([state("TenantStack", "acme", outputs), ...containers])).given.get("acme");
  };
  /** Its labels name the release that it was made for, where it is older than the way it is known now. */
  const container = (
    part: Part,
    image = Object.entries(wanted.images).find(([name]) => name === part)?.[1],
  ) => ({
    name: `acme-${part}`,
    type: "docker:index/container:Container",
    outputs: { image, labels: [{ label: "olympus-fleet.release", value: "2026.11" }] },
  });
  const others = [container("postgres"), container("hydra"), container("athena")];

  test.each([next, edited])("has it once one of its containers is of an image of that", (release) => {
    expect(given(release, ...others, container("kratos", other("kratos")), container("hera"))).toEqual(
      release,
    );
  });

  test.each([next, edited])(
    "has the one of before while none is: the run was killed, or was to leave it alone",
    (release) => {
      expect(given(release, ...others, container("kratos"), container("hera"))).toEqual(wanted);
      expect(given(release)).toEqual(wanted);
    },
  );

  test("has it once a step is of an image of that: it may have migrated", () => {
    const step = container("kratos-migrate", other("kratos"));
    expect(given(next, ...others, container("kratos"), container("hera"), step)).toEqual(next);
  });

  test("has it at once where its images are those of before: nothing is to be made for it", () => {
    expect(given(renamed, ...others, container("kratos"), container("hera"))).toEqual(renamed);
  });

  test("has it where only images differ that it has some of its own for", () => {
    const own = [
      container("kratos", "registry.test/own-kratos:1"),
      container("hera", "registry.test/own-hera:1"),
    ];
    expect(given(edited, ...others, ...own)).toEqual(edited);
    expect(given(edited, ...others, ...own.slice(1), container("kratos"))).toEqual(wanted);
  });
});

test("a state of before, or of another version, remembers nothing", () => {
  const resources = [
    state("TenantStack", "acme", { urls: {} }),
    state("TenantStack", "bigcorp", { given: { release: { name: "2026.11" } } }),
    state("Ring", "canary", { verified: [{ id: 1 }] }),
    state("Ring", "stable", {}),
  ];
  expect(ledgerOf(new Known(resources))).toEqual(emptyLedger);
});
