import { expect, test } from "vitest";
import { Known } from "../../backends/docker/known.ts";
import { releaseId } from "../../fleet/release.ts";
import { emptyLedger, type Verification } from "../../fleet/rings/ledger.ts";
import { recordOf, verificationRecordOf } from "../../fleet/rings/record.ts";
import { ledgerOf } from "../../program/ledger.ts";
import { tenant } from "../fixtures.ts";

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
      state("TenantStack", "acme", { urls: {}, release: recordOf(wanted) }),
      state("TenantStack", "bigcorp", { release: recordOf(withVersions) }),
      state("Ring", "canary", { verified: [verification, failed].map(verificationRecordOf) }),
    ]),
  );
  expect([...given]).toEqual([
    ["acme", wanted],
    ["bigcorp", withVersions],
  ]);
  expect([...verified]).toEqual([["canary", [verification, failed]]]);
});

test("a state of before, or of another version, remembers nothing", () => {
  const resources = [
    state("TenantStack", "acme", { urls: {} }),
    state("TenantStack", "bigcorp", { release: { name: "2026.11" } }),
    state("Ring", "canary", { verified: [{ id: 1 }] }),
    state("Ring", "stable", {}),
  ];
  expect(ledgerOf(new Known(resources))).toEqual(emptyLedger);
});
