import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlannedTenant } from "../../../backends/docker/fleetPlan.ts";
import { plannedTenant } from "../../../backends/docker/fleetPlan.ts";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import { tenantChanges } from "../../../reports/plan/tenantChanges.ts";
import { host as local, tenant, config as usual } from "../../fixtures.ts";

const host = { ...local, publicAddress: ["203.0.113.10", "2001:db8::10"] };
const dns = {
  provider: "cloudflare",
  mode: "records",
  zone: "example.org",
  zoneId: "z",
  proxied: false,
} as const;
const config = { ...usual, hosts: { local: host }, dns };

/** No change of what runs is kept from a reviewer, whatever it is. */

const acme = tenant("acme", {
  clients: [
    {
      id: "shop",
      redirectUris: ["https://shop.test/cb"],
      postLogoutRedirectUris: [],
      scope: "openid",
      kind: "confidential",
    },
  ],
  mail: { smtp: "main", from: "no-reply@acme.test" },
  domains: ["login.acme.test"],
});
const plan = plannedTenant(acme, host, config);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every leaf of a plan by its path; a list counts as one leaf, except the lists whose items have names. */
function leaves(value: unknown, path: string): Map<string, string> {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !("parts" in value)) {
    return new Map(
      Object.entries(value).flatMap(([key, inner]) => [
        ...leaves(inner, path === "" ? key : `${path}.${key}`),
      ]),
    );
  }
  return new Map([[path, JSON.stringify(value)]]);
}

function propertiesOf({ workloads, routes, gates, records, ...rest }: DockerTenant): Map<string, string> {
  return new Map([
    ...workloads.flatMap((one) => [
      ...leaves({ ...one, tmpfs: JSON.stringify(one.tmpfs) }, `workloads.${one.part}`),
    ]),
    ...routes.flatMap((one) => [...leaves(one, `routes.${one.purpose}`)]),
    ...records.map((one) => [`records.${one.part}`, JSON.stringify(one)] as const),
    ...gates.map((gate) => [`gates.${gate.name}`, JSON.stringify(gate)] as const),
    ...leaves(rest, ""),
  ]);
}

/** Another value of the same kind. */
function other(value: Json): fc.Arbitrary<Json> {
  if (typeof value === "number") return fc.integer({ min: 1, max: 4000 });
  if (typeof value === "boolean") return fc.constant(!value);
  if (Array.isArray(value))
    return fc.array(fc.stringMatching(/^[a-z/.:=-]{1,12}$/), { minLength: 1, maxLength: 4 });
  return fc.stringMatching(/^[a-z0-9:/.-]{1,90}$/);
}

/** One place of a plan with another value. Names that tie things together (part, purpose, gate) stay. */
function edit(json: Json, at: readonly string[] = []): fc.Arbitrary<Json> {
  if (typeof json !== "object" || json === null) return other(json);
  if (Array.isArray(json)) {
    const isNamed = json.length > 0 && json.every((item) => typeof item === "object" && item !== null);
    if (!isNamed || at.at(-1) === "parts") return other(json);
    return fc
      .nat({ max: json.length - 1 })
      .chain((index) =>
        edit(json[index] ?? null, [...at, String(index)]).map((item) => json.with(index, item)),
      );
  }
  const map = json as { readonly [key: string]: Json };
  if ("parts" in map) return other("text");
  const keys = Object.keys(map).filter(
    (key) => !["part", "purpose", "tenant", "kind", "by"].includes(key) && !isNameOfGate(key, at),
  );
  if (keys.length === 0) return fc.constant(json);
  return fc
    .constantFrom(...keys)
    .chain((key) => edit(map[key] ?? null, [...at, key]).map((inner) => ({ ...map, [key]: inner })));
}

const isNameOfGate = (key: string, at: readonly string[]) => key === "name" && at[0] === "gates";

const changesOf = (before: DockerTenant, after: DockerTenant) => {
  const side = (one: DockerTenant): PlannedTenant => ({ tenant: acme, plan: one });
  return tenantChanges(side(before), side(after));
};

test("every property that differs is named, and nothing else", () => {
  fc.assert(
    fc.property(edit(plan as unknown as Json), (edited) => {
      const after = edited as unknown as DockerTenant;
      const [old, now] = [propertiesOf(plan), propertiesOf(after)];
      const differing = [...new Set([...old.keys(), ...now.keys()])].filter(
        (key) => old.get(key) !== now.get(key),
      );
      const found = changesOf(plan, after).flatMap(({ differences }) => differences);
      expect(found.map(({ property }) => property).sort()).toEqual(differing.sort());
      for (const { property, words } of found) {
        expect(words.length).toBeGreaterThan(3);
        const [kind, name = ""] = property.split(".");
        if (kind === "workloads" && !property.endsWith(".BOOTSTRAP")) expect(words).toContain(name);
      }
    }),
    { numRuns: 250 },
  );
}, 30_000);

test("a property that nobody has thought of is named too, and taken for a replacement", () => {
  const workloads = plan.workloads.map((one) => (one.part === "hydra" ? { ...one, readahead: 4 } : one));
  const [change] = changesOf(plan, { ...plan, workloads });
  expect(change).toMatchObject({
    effect: "interrupts",
    differences: [{ property: "workloads.hydra.readahead", words: "readahead of hydra set to 4" }],
    consequence: "container replaced, about 5 s without tokens",
  });
});

test("a part that comes or goes is named", () => {
  const without = { ...plan, workloads: plan.workloads.filter(({ part }) => part !== "athena") };
  expect(changesOf(plan, without)).toMatchObject([
    { effect: "interrupts", consequence: "container removed" },
  ]);
  expect(changesOf(without, plan)).toMatchObject([{ effect: "in-place", consequence: "container made" }]);
});
