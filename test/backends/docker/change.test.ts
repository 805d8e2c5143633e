import { describe, expect, test } from "vitest";
import { takesLong } from "../../../backends/docker/change.ts";
import { plannedFleet } from "../../../backends/docker/fleetPlan.ts";
import { Known, type KnownResource } from "../../../backends/docker/known.ts";
import { parts, services } from "../../../fleet/tenant/parts.ts";
import { closed, placed, recorded, without } from "./guards/recorded.ts";

const secrets = { generation: 1, oldest: 1 };

/** acme as a run of this version has left it: a container for each part, and a last gate that names each service's. */
const up = (state: readonly KnownResource[] = recorded): readonly KnownResource[] => {
  const postgres = state.find(({ name, type }) => name === "acme-postgres" && /Container$/.test(type));
  const isRoles = (name: string) => name === "acme-postgres-roles";
  const all = [
    ...state.filter(({ name }) => !isRoles(name)),
    ...(postgres === undefined ? [] : [{ ...postgres, name: "acme-postgres-roles" }]),
  ];
  const ids = services.map((service) => {
    const found = all.find(({ name, type }) => name === `acme-${service}` && /Container$/.test(type));
    return `# acme-${service} ${String(found?.outputs.id)}`;
  });
  return all.map((one) =>
    one.name === "acme-gate-ready" ? { ...one, outputs: { ...one.outputs, stdin: ids.join("\n") } } : one,
  );
};

/** Whether a run has work with acme, whose entry in the file is this one. */
function works(state: readonly KnownResource[] | undefined, entry = "{ host: local }", given = secrets) {
  const { tenants } = plannedFleet(
    placed({ tenants: `  acme: ${entry}\n  bigcorp: { host: local }\n` }).fleet,
  );
  const plan = tenants.find((one) => one.plan.tenant === "acme")?.plan;
  if (plan === undefined) throw new Error("acme is not planned");
  return takesLong(plan, given, state && new Known(state));
}

const noting = (generation: number, oldest: number) => [
  ...up().filter(({ name, type }) => !(name === "acme" && type === "olympus:fleet:TenantStack")),
  { name: "acme", type: "olympus:fleet:TenantStack", outputs: { secrets: { generation, oldest } } },
];

test("nothing is to be done with a tenant that has come up as it is planned", () => {
  expect(works(up())).toBe(false);
  expect(works(noting(1, 1))).toBe(false);
});

test("nor for an edit of settings", () => {
  expect(works(up(), "{ host: local, cors: ['https://shop.example.com'] }")).toBe(false);
});

describe("work that takes its time is", () => {
  test("a tenant that is new, with a state or without any", () => {
    expect(works(undefined)).toBe(true);
    expect(works([])).toBe(true);
    expect(works(without(/^acme/))).toBe(true);
  });

  test("other images than those that run, of the release or of its own", () => {
    expect(works(up(), '{ host: local, release: "minor" }')).toBe(true);
    expect(works(up(), "{ host: local, images: { hera: 'registry.test/hera:2' } }")).toBe(true);
  });

  test.each(parts)("one whose %s is not there, after a refresh for example", (part) => {
    const state = up().filter(({ name, type }) => !(name === `acme-${part}` && /Container$/.test(type)));
    expect(works(state)).toBe(true);
  });

  test.each(services)("one whose last gate has not looked at the container of %s", (service) => {
    const state = up().map((one) =>
      one.name === `acme-${service}` && /Container$/.test(one.type)
        ? { ...one, outputs: { ...one.outputs, id: "f".repeat(64) } }
        : one,
    );
    expect(works(state)).toBe(true);
  });

  test("one that has never passed its last gate", () => {
    expect(works(without(/^acme-gate-ready$/, up()))).toBe(true);
  });

  test("other secrets than those that a run has noted", () => {
    expect(works(noting(1, 1), undefined, { generation: 2, oldest: 1 })).toBe(true);
    expect(works(noting(2, 1), undefined, { generation: 2, oldest: 2 })).toBe(true);
    expect(works(noting(2, 2), undefined, { generation: 2, oldest: 2 })).toBe(false);
  });

  test.each(["suspended", "retired"])("one that is to be %s, until it is", (state) => {
    const entry = `{ host: local, state: ${state} }`;
    expect(works(up(), entry)).toBe(true);
    expect(works(closed("acme"), entry)).toBe(false);
    expect(works(up([...up(), ...closed("acme")]), entry)).toBe(true);
  });

  test("one that opens again", () => {
    expect(works(closed("acme"))).toBe(true);
  });
});
