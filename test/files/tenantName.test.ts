import { describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { derivedFrom } from "../../files/tenantName.ts";
import type { Tenant } from "../../fleet/model.ts";
import { hostNames } from "../../fleet/names.ts";
import { config, host, tenant } from "../fixtures.ts";
import { lines } from "../fleet/fleetInput.ts";

/** One tenant of this name on eu-1. */
function named(name: string) {
  return lines({
    tenants: `defaults: { release: "2026.11", mail: none }\ntenants:\n  ${name}: { host: eu-1 }\n`,
  });
}

describe("names", () => {
  test.each<[string, ...string[]]>([
    [
      "www",
      'tenants.yaml:3:3  tenants.www: "www" is reserved for the fleet itself. Write another name, such as www-corp.',
    ],
    [
      "hydra",
      'tenants.yaml:3:3  tenants.hydra: "hydra" is reserved for the fleet itself. Write another name, such as hydra-corp.',
    ],
    [
      "Acme",
      'tenants.yaml:3:3  tenants.Acme: "Acme" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write acme.',
    ],
    [
      "acme_x",
      'tenants.yaml:3:3  tenants.acme_x: "acme_x" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write acme-x.',
    ],
    [
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      'tenants.yaml:3:3  tenants.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is not a name: 1-30 of a-z, 0-9 and inner hyphens (it has 31 characters). Write aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.',
    ],
    ["-a", 'tenants.yaml:3:3  tenants.-a: "-a" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write a.'],
    [
      "xn--a",
      'tenants.yaml:3:3  tenants.xn--a: "xn--a" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write xn-a.',
    ],
    [
      "é",
      'tenants.yaml:3:3  tenants["é"]: "é" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write a name such as acme.',
    ],
    [
      "acme corp",
      'tenants.yaml:3:3  tenants["acme corp"]: "acme corp" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write acme-corp.',
    ],
    [
      '"a.b"',
      'tenants.yaml:3:3  tenants["a.b"]: "a.b" is not a name: 1-30 of a-z, 0-9 and inner hyphens. Write a-b.',
    ],
    [
      "2026",
      'tenants.yaml:3:3  tenants: YAML does not read the key 2026 as text. Write it in quotes: "2026".',
    ],
    [
      "true",
      'tenants.yaml:3:3  tenants: YAML does not read the key true as text. Write it in quotes: "true".',
    ],
    ['"true"'],
  ])("%s", (name, ...messages) => {
    expect(named(name)).toEqual(messages);
  });
});

/** Every name on a host and in DNS that comes from a tenant's. */
function madeFrom(of: Tenant): string[] {
  const plan = plannedTenant(of, host, config);
  const containers = plan.workloads.map(({ part }) => `${of.name}-${part}`);
  const networks = Object.values(plan.networks).map(({ name }) => name);
  return [
    ...containers,
    ...networks,
    plan.volume,
    ...Object.values(hostNames(of.name, "")).map((name) => name.slice(0, -1)),
  ];
}

test("whatever is made from a tenant's name cannot be a tenant beside it", () => {
  const own = madeFrom(tenant("acme")).filter((name) => name !== "acme");
  expect(own.length).toBeGreaterThan(10);
  for (const name of own) {
    expect(derivedFrom(name, new Set(["acme"])), name).toMatchObject({ tenant: "acme" });
    expect(derivedFrom(`${name}-2`, new Set(["acme"])), name).toMatchObject({ tenant: "acme" });
  }
});
