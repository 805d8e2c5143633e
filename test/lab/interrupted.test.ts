import { hostname } from "node:os";
import { expect, test } from "vitest";
import { halfMade } from "../../lab/stack/interrupted.ts";
import { isDead, locksIn } from "../../lab/stack/locks.ts";

const refusal = `error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///home/me/state/.pulumi/locks/organization/olympus/demo/1.json: created by me@laptop (pid 4711) at 2026-11-24T09:00:00Z
  file:///home/me/state/.pulumi/locks/organization/olympus/demo/2.json: created by ci@runner.example (pid 12) at 2026-11-24T09:00:01Z
`;

test("who holds a stack stands in Pulumi's refusal", () => {
  expect(locksIn(refusal)).toEqual([
    { host: "laptop", pid: 4711 },
    { host: "runner.example", pid: 12 },
  ]);
});

test("another error names nobody", () => {
  expect(locksIn("error: created by me@laptop (pid 4711) at noon")).toEqual([]);
});

test("a lock of another machine is never taken for a dead one", () => {
  expect(isDead({ host: "elsewhere.example", pid: 2 ** 22 + 1 })).toBe(false);
});

test("a lock of this machine is dead when its process is gone, or is no Pulumi", () => {
  expect(isDead({ host: hostname(), pid: 2 ** 22 + 1 })).toBe(true);
  expect(isDead({ host: hostname(), pid: process.pid })).toBe(true);
});

test("what was being made when a run was killed is found by name; what was being deleted is not", () => {
  const operation = (type: string, kind: string, inputs: object) => ({
    type,
    resource: { type: kind, inputs: { ...inputs } },
  });
  const state = {
    deployment: {
      pending_operations: [
        operation("creating", "docker:index/container:Container", { name: "acme-kratos" }),
        operation("creating", "docker:index/network:Network", { name: "acme-internal" }),
        operation("creating", "docker:index/volume:Volume", { name: "acme-postgres" }),
        operation("creating", "command:local:Command", { create: "sh -s create" }),
        operation("deleting", "docker:index/container:Container", { name: "bigcorp-kratos" }),
      ],
    },
  };
  expect(halfMade(state)).toEqual([
    { kind: "container", name: "acme-kratos" },
    { kind: "network", name: "acme-internal" },
  ]);
  expect(halfMade({ deployment: {} })).toEqual([]);
});
