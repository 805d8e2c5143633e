import { describe, expect, test } from "vitest";
import { notCompared } from "../../../reports/drift/complaints.ts";
import { driftDocument } from "../../../reports/drift/document.ts";
import type { Drift } from "../../../reports/drift/drift.ts";
import { pending } from "../../../reports/drift/pending.ts";
import { resourceDrift } from "../../../reports/drift/resourceDrift.ts";
import { readDigest } from "../../../reports/drift/steps.ts";
import { digest, hostUrn, stackUrn, state, tenantUrn, urn } from "./stackJson.ts";

const steps = (...entries: Parameters<typeof digest>[0]) => readDigest(digest(entries))?.steps ?? [];
const told = (drift: readonly Drift[]) =>
  drift.map(({ owner, words, mend }) => `${owner.kind} ${owner.name}: ${words} (${mend})`);

test("a tenant lives where its containers are, and a host has what is its own and its tenants'", () => {
  expect(state().homes).toEqual(
    new Map([
      ["acme", "eu-1"],
      ["bigcorp", "eu-2"],
    ]),
  );
  expect(state().hosts).toEqual(["eu-1", "eu-2"]);
  expect(
    state()
      .on("eu-1")
      .map(({ name }) => name),
  ).toEqual([
    "eu-1",
    "acme",
    "acme-kratos",
    "acme-postgres",
    "acme-postgres",
    "acme-vhost",
    "eu-1-caddyfile",
    "acme-login",
  ]);
});

describe("a refresh in words", () => {
  const container = (name: string) => ({ urn: urn("container", name), inputs: { name } });

  test.each([
    ["removed", { op: "delete", ...container("acme-hera") }, "acme-hera was removed (up)"],
    [
      "a step that was done",
      { op: "delete", urn: urn("container", "acme-kratos"), inputs: { name: "acme-kratos", mustRun: false } },
      "acme-kratos was removed, a step that had been done; it is done again (up)",
    ],
    [
      "stopped",
      { op: "update", ...container("acme-hera"), properties: ["mustRun", "ports"] },
      "acme-hera was stopped (up)",
    ],
    [
      "changed",
      {
        op: "update",
        ...container("acme-hera"),
        properties: ["memory", "memorySwap", "restart", "dns"],
        before: { memory: 96, memorySwap: 96, restart: "always", dns: ["1.1.1.1"] },
        after: { memory: 300, memorySwap: 300, restart: "no", dns: [] },
      },
      "acme-hera was changed: memory 96MiB → 300MiB, restart always → no, dns (up)",
    ],
    [
      "what holds the volume of a closed tenant",
      {
        op: "delete",
        urn: urn("container", "acme-kratos"),
        inputs: { name: "acme-keeper", labels: [{ label: "olympus-fleet.service", value: "keeper" }] },
      },
      "acme-keeper was removed, and a prune of the engine can take all data of acme (up)",
    ],
    [
      "a network",
      { op: "delete", urn: urn("network", "acme-egress"), inputs: { name: "acme-egress" } },
      "network acme-egress was removed (up)",
    ],
    [
      "all data",
      { op: "delete", urn: urn("volume", "acme-postgres"), inputs: { name: "acme-postgres" } },
      "volume acme-postgres was removed, and with it all data of acme (hand)",
    ],
    [
      "a record",
      {
        op: "update",
        urn: urn("record", "acme-login"),
        inputs: { name: "acme.example.org", type: "A" },
        properties: ["content"],
        before: { content: "203.0.113.1" },
        after: { content: "203.0.113.66" },
      },
      "DNS record A acme.example.org was changed: content 203.0.113.1 → 203.0.113.66 (up)",
    ],
    ["nothing", { op: "refresh", ...container("acme-hera") }, undefined],
  ])("%s", (_what, step, words) => {
    const found = told(resourceDrift(steps({ parent: tenantUrn("acme"), ...step }), state()));
    // These resources are not in the state above; their owner is nobody's.
    expect(found.map((text) => text.replace(/^\w+ \S+: /, ""))).toEqual(
      words === undefined ? [] : [words].map(orStack),
    );
  });

  /** Of the volume it is said whose data it was only where the state knows. */
  const orStack = (words: string) => words;

  test("no value of an environment is told, whatever the provider says has changed", () => {
    const step = {
      ...container("acme-kratos"),
      op: "update",
      properties: ["envs", "labels"],
      before: { envs: ["DSN=postgres://kratos:pw@postgres"] },
      after: { envs: ["DSN=other"] },
    };
    expect(told(resourceDrift(steps(step), state()))).toEqual([
      "tenant acme: acme-kratos was changed: envs, labels (up)",
    ]);
  });
});

describe("what waits for its up", () => {
  const vhost = urn("command", "acme-vhost");
  const update = (inputs: object, newInputs: object, ...properties: string[]) =>
    pending(steps({ op: "update", urn: vhost, inputs, newInputs, properties }), state());

  test("an edit", () => {
    expect(update({ stdin: "a" }, { stdin: "b" }, "stdin")).toEqual([
      { owner: { kind: "tenant", name: "acme" }, name: "acme-vhost", what: "changed", properties: ["stdin"] },
    ]);
  });

  test("is not what was found on a host, and an edit beside it is told without that", () => {
    const here = { DOCKER_HOST: "unix:///x" };
    const found = { ...here, FOUND: "another file at 2026-11-24T02:43:11Z" };
    expect(
      update({ stdin: "a", environment: here }, { stdin: "a", environment: found }, "environment"),
    ).toEqual([]);
    expect(
      update({ stdin: "a", environment: here }, { stdin: "b", environment: found }, "environment", "stdin"),
    ).toMatchObject([{ properties: ["stdin"] }]);
    expect(
      update({ environment: here }, { environment: { DOCKER_HOST: "unix:///y" } }, "environment"),
    ).toMatchObject([{ properties: ["environment"] }]);
  });

  test("a replacement is one line, a new tenant too, and the stack's outputs are none", () => {
    const kratos = urn("container", "acme-kratos");
    const found = pending(
      steps(
        { op: "create-replacement", urn: kratos, properties: ["image"] },
        { op: "replace", urn: kratos, properties: ["image"] },
        { op: "delete-replaced", urn: kratos },
        { op: "create", urn: tenantUrn("newcorp"), parent: stackUrn },
        { op: "create", urn: urn("container", "newcorp-hera"), parent: tenantUrn("newcorp") },
        { op: "update", urn: stackUrn, properties: ["fleet"] },
        { op: "same", urn: vhost },
      ),
      state(),
    );
    expect(found.map(({ owner, name, what }) => `${owner.name}: ${name} ${what}`)).toEqual([
      "acme: acme-kratos replaced",
      "newcorp: newcorp made",
    ]);
  });
});

describe("what could not be looked at", () => {
  const complaint = (at: string, message: string) => ({
    urn: at,
    message: `error: ${message}`,
    severity: "error",
  });

  test("a host that is down is one line with its tenants, though each resource complains", () => {
    const errors = readDigest(
      digest(
        [],
        [
          complaint(urn("container", "bigcorp-kratos"), "Cannot connect to the Docker daemon"),
          complaint(urn("volume", "bigcorp-postgres"), "Cannot connect to the Docker daemon"),
          complaint(urn("record", "acme-login"), "Authentication error (10000)\nRay ID 1"),
          { message: "error: preview failed", severity: "error" },
          { message: "a warning", severity: "warning" },
        ],
      ),
    )?.errors;
    expect(notCompared([], errors ?? [], state())).toEqual([
      { what: "host eu-2", why: "Cannot connect to the Docker daemon", tenants: ["bigcorp"] },
      { what: "acme-login", why: "Authentication error (10000)", tenants: [] },
    ]);
    expect(notCompared([{ host: "eu-2", why: "its cable is out" }], errors ?? [], state())[0]).toEqual({
      what: "host eu-2",
      why: "its cable is out",
      tenants: ["bigcorp"],
    });
  });

  test("what is no digest is none", () => {
    expect(readDigest("")).toBeUndefined();
    expect(readDigest("error: no stack named 'prod' found")).toBeUndefined();
    expect(readDigest("{}")).toEqual({ steps: [], errors: [] });
  });
});

describe("the verdict", () => {
  const nothing = { drift: [], notCompared: [], pending: [] };
  const one = {
    owner: { kind: "tenant", name: "acme" },
    kind: "container",
    name: "acme-hera",
    how: "removed",
    words: "acme-hera was removed",
    mend: "up",
  } as const;
  const silent = { what: "host eu-2", why: "down", tenants: [] };

  test("is drift as soon as there is some, and incomplete where nobody could look", () => {
    expect(driftDocument("prod", nothing).verdict).toBe("clean");
    expect(driftDocument("prod", { ...nothing, notCompared: [silent] }).verdict).toBe("incomplete");
    expect(driftDocument("prod", { ...nothing, drift: [one], notCompared: [silent] }).verdict).toBe("drift");
  });

  test("tells once that a container was removed whose name another has, with what to do", () => {
    const taken = {
      ...one,
      words: "acme-hera was removed, and another container has its name",
      mend: "hand",
    } as const;
    const host = { ...one, owner: { kind: "host", name: "eu-1" }, name: "a" } as const;
    expect(driftDocument("prod", { ...nothing, drift: [host, one, taken] }).drift).toEqual([taken, host]);
  });
});

test("owners are found by their components, also of what is not there yet", () => {
  expect(state().ownerOf(hostUrn("eu-1"))).toEqual({ kind: "host", name: "eu-1" });
  expect(state().ownerOf(urn("command", "eu-1-caddyfile", "host"))).toEqual({ kind: "host", name: "eu-1" });
  expect(state().ownerOf(urn("container", "newcorp-hera"), tenantUrn("newcorp"))).toEqual({
    kind: "tenant",
    name: "newcorp",
  });
  expect(state().ownerOf(urn("record", "wildcard", "host"), stackUrn)).toEqual({
    kind: "stack",
    name: "prod",
  });
});
