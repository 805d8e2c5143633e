import { describe, expect, test } from "vitest";
import { Known, type KnownResource } from "../../../backends/docker/known.ts";
import { ledgerOf } from "../../../backends/docker/ledger.ts";
import type { Release } from "../../../fleet/model.ts";
import { releaseId } from "../../../fleet/release.ts";
import { emptyLedger, type Verification } from "../../../fleet/rings/ledger.ts";
import { recordOf, verificationRecordOf } from "../../../fleet/rings/record.ts";
import type { Service } from "../../../fleet/tenant/parts.ts";
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
  const next = { ...wanted, name: "2026.12" };
  const edited = { ...wanted, images: { ...wanted.images, kratos: "registry.test/kratos:2" } };
  const given = (release: Release, ...containers: readonly KnownResource[]) => {
    const outputs = { given: { release: recordOf(release), before: { release: recordOf(wanted) } } };
    return ledgerOf(new Known([state("TenantStack", "acme", outputs), ...containers])).given.get("acme");
  };
  const container = (part: Service, release: string, image = wanted.images[part]) => ({
    name: `acme-${part}`,
    type: "docker:index/container:Container",
    outputs: { image, labels: [{ label: "olympus-fleet.release", value: release }] },
  });

  test("has it once one of its containers is of that", () => {
    expect(given(next, container("postgres", "2026.12"), container("kratos", "2026.11"))).toEqual(next);
  });

  test("has the one of before while none is: the run was killed, or was to leave it alone", () => {
    expect(given(next, container("postgres", "2026.11"), container("kratos", "2026.11"))).toEqual(wanted);
    expect(given(next)).toEqual(wanted);
  });

  test("of the same name is known by what differs", () => {
    const hera = container("hera", "2026.11");
    expect(given(edited, hera, container("kratos", "2026.11"))).toEqual(wanted);
    expect(given(edited, hera, container("kratos", "2026.11", edited.images.kratos))).toEqual(edited);
  });

  test("of the same name is the tenant's where only an image differs that it has one of its own for", () => {
    const own = container("kratos", "2026.11", "registry.test/own-kratos:1");
    expect(given(edited, container("hera", "2026.11"), own)).toEqual(edited);
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
