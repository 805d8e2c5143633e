import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { HostFacts } from "../../../backends/docker/facts.ts";
import { plannedTenant } from "../../../backends/docker/fleetPlan.ts";
import { Known, type KnownResource } from "../../../backends/docker/known.ts";
import { removalScript } from "../../../backends/docker/leftovers.ts";
import { verdict } from "../../../backends/docker/verdict.ts";
import { hostCommand } from "../../../hosts/ssh/ssh.ts";
import { config, host, tenant } from "../../fixtures.ts";

/** What is on a host, held against what the stack's state knows. */

const plan = plannedTenant(tenant("acme"), host, config);
const command = "command:local:Command";
const reach: KnownResource = {
  name: `${host.name}-reach`,
  type: command,
  outputs: { environment: { ...hostCommand(host).environment, FOUND: "x" } },
};
const gate: KnownResource = { name: "acme-gate-migrate", type: command, outputs: {} };
const key: KnownResource = {
  name: "acme-root-key",
  type: "random:index/randomPassword:RandomPassword",
  outputs: {},
};
const volume: KnownResource = {
  name: "acme-postgres",
  type: "docker:index/volume:Volume",
  outputs: { id: "acme-postgres" },
};
const network: KnownResource = {
  name: "acme-internal",
  type: "docker:index/network:Network",
  outputs: { id: "n1" },
};

const container = { isOurs: true, isPaused: false, isFailing: false, exitCode: undefined, networks: [] };
const facts = (change: Partial<HostFacts> = {}): HostFacts => ({
  asked: "x",
  containers: new Map(),
  networks: new Map(),
  checks: new Map(),
  volumes: new Map([["acme-postgres", { tenant: "acme" }]]),
  files: undefined,
  runsWhatWasPublished: undefined,
  isGuarded: undefined,
  ...change,
});
const there = facts({
  containers: new Map([
    ["acme-kratos", { ...container, id: "c1" }],
    ["acme-hydra", { ...container, id: "c2", isOurs: false }],
    ["other-kratos", { ...container, id: "c3" }],
  ]),
  networks: new Map([
    ["acme-internal", { id: "n1", isOurs: true }],
    ["acme-egress", { id: "n2", isOurs: true }],
    ["acme-other", { id: "n3", isOurs: true }],
  ]),
});
const judged = (found: HostFacts, ...known: KnownResource[]) =>
  verdict(host, found, [plan], new Known(known));

test("left by a run that was killed: what is ours, has a name of the files', and an id that nobody knows", () => {
  expect(judged(there, reach, key, network)).toEqual({
    fault: undefined,
    leftovers: [
      { kind: "container", name: "acme-kratos", id: "c1" },
      { kind: "network", name: "acme-egress", id: "n2" },
    ],
    refusals: new Map(),
  });
});

test("a state that says no ids proves nothing, so nothing is removed", () => {
  expect(judged(there, reach, key, { ...network, outputs: {} }).leftovers).toEqual([]);
});

const elsewhere = { ...reach, outputs: { environment: { DOCKER_HOST: "unix:///other" } } };
test.each([
  ["has never been", [key, network]],
  ["has been with another one of that name", [elsewhere, key, network]],
])("a machine on which the stack %s, with a fleet: not touched", (_, known) => {
  const { fault, leftovers } = judged(there, ...known);
  expect(fault).toBe(
    `host ${host.name} (${host.address}) has acme-kratos, acme-egress, which this stack has not made: another stack's fleet is there, or this
stack's state is lost. Nothing on the host is touched. Write another host, or restore the state (pulumi stack import).
To throw away what is there, remove it by hand first: docker rm --force, docker network rm`,
  );
  expect(leftovers).toEqual([]);
});

const refusal = (found: HostFacts, ...known: KnownResource[]) =>
  judged(found, reach, ...known).refusals.get("acme");
const none = facts({ volumes: new Map() });

test("data: nothing speaks against a tenant with its volume and key, a new one, or one whose first run was killed", () => {
  expect(refusal(facts(), key, volume, gate)).toBeUndefined();
  expect(refusal(facts(), key)).toBeUndefined();
  expect(refusal(none)).toBeUndefined();
  expect(refusal(none, key, volume)).toBeUndefined();
});

test("data that is gone is not begun empty, whether a refresh has forgotten the volume or not", () => {
  const words = `host ${host.name}: volume acme-postgres is gone, and with it all data of acme.
Nothing of acme is touched, and it is not begun empty. On the host, remove what is left of its containers and make the volume:
  docker ps --all --quiet --filter label=olympus-fleet.tenant=acme | xargs --no-run-if-empty docker rm --force
  docker volume create --label olympus-fleet.managed-by=olympus-fleet --label olympus-fleet.tenant=acme --label olympus-fleet.service=postgres acme-postgres
To restore acme, put its backup into it (docs/operate.md). To begin acme empty on purpose, put nothing into it.
Then: pulumi up --refresh`;
  expect(refusal(none, key, volume, gate)).toBe(words);
  expect(refusal(none, key, gate)).toBe(words);
  // The entry of the host names another machine now, by mistake perhaps.
  expect(verdict(host, none, [plan], new Known([elsewhere, key, gate])).refusals.get("acme")).toBe(
    words.replace(
      "\n",
      `\nThe runs before have reached ${host.name} at another address. If that machine has the data, write its address again.\n`,
    ),
  );
});

describe.each(["suspended", "retired"] as const)("a %s tenant", (state) => {
  const closed = plannedTenant(tenant("acme", { state }), host, config);
  const keeper = { ...gate, name: "acme-gate-keeper" };
  const judgedClosed = (found: HostFacts, ...known: KnownResource[]) =>
    verdict(host, found, [closed], new Known([reach, ...known]));

  test("whose data is gone is told, though nothing of it runs, and whichever state the last run has left it in", () => {
    for (const known of [keeper, gate]) {
      expect(judgedClosed(none, key, volume, known).refusals.get("acme")).toContain(
        `host ${host.name}: volume acme-postgres is gone, and with it all data of acme.\nNothing of acme is touched`,
      );
    }
    expect(refusal(none, key, volume, keeper)).toContain("volume acme-postgres is gone");
  });

  test("whose volume is there is left alone: no container and no network is missed", () => {
    expect(judgedClosed(facts(), key, volume, keeper)).toEqual({
      fault: undefined,
      leftovers: [],
      refusals: new Map(),
    });
  });

  test("what a killed run has left of its services goes", () => {
    expect(judgedClosed(there, key, volume, network).leftovers.map(({ name }) => name)).toEqual([
      "acme-kratos",
      "acme-egress",
    ]);
  });
});

test("a keeper that a killed run has left goes, whatever the tenant is by now", () => {
  const left = facts({ containers: new Map([["acme-keeper", { ...container, id: "c9" }]]) });
  expect(judged(left, reach, key, volume, gate).leftovers).toEqual([
    { kind: "container", name: "acme-keeper", id: "c9" },
  ]);
});

test("a volume of somebody else's is not taken", () => {
  const found = (owner: string | undefined) =>
    facts({ volumes: new Map([["acme-postgres", { tenant: owner }]]) });
  const rest = ` This stack has not made it.
Nothing of acme is touched. If nobody needs what is in it: docker volume rm acme-postgres, then pulumi up. If somebody does, write another name for the tenant.`;
  expect(refusal(found("newcorp"), key)).toBe(
    `host ${host.name}: volume acme-postgres is there, and says that it is newcorp's.${rest}`,
  );
  expect(refusal(found(undefined), key)).toBe(
    `host ${host.name}: volume acme-postgres is there, and does not say that it is acme's.${rest}`,
  );
});

test("a volume whose root key is not in the state is not opened with a new one", () => {
  expect(
    refusal(facts()),
  ).toBe(`host ${host.name}: volume acme-postgres is there, with data of a acme whose root key this stack's state does not know.
A new root key could not read it, so nothing of acme is touched. To have its data, restore the state that knows the key (pulumi stack import).
To begin acme empty on purpose: docker volume rm acme-postgres, then pulumi up --refresh`);
});

test("what is removed is removed by id, containers before networks, and a shell can read it", () => {
  const script = removalScript([
    { kind: "network", name: "acme-internal", id: "n1" },
    { kind: "container", name: "acme-postgres", id: "c1" },
  ]);
  const { status, stdout, stderr } = spawnSync("sh", ["-s"], {
    input: `docker() { [ "$2" = inspect ] && return 1; echo "$@" >&2; }\n${script}`,
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: "",
    stderr: "stop --time 60 c1\nrm --force --volumes c1\nnetwork rm n1\n",
  });
});
