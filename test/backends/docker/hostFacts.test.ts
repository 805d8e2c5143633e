import { describe, expect, test } from "vitest";
import { hostFacts } from "../../../backends/docker/facts.ts";
import {
  digestOf,
  foundCaddyfile,
  foundContainers,
  foundFile,
  foundRules,
} from "../../../backends/docker/found.ts";
import { hostDrift } from "../../../reports/drift/hostDrift.ts";
import { caddyfileText, siteOf, state } from "../../reports/drift/stackJson.ts";

const id = "acme-kratos-id";
const sum = (content: string, path: string) => `file=${digestOf(content)}  ${path}`;
const healthy = [
  "asked=2026-11-24T02:43:11Z",
  "container=c1 olympus-caddy [host] running Up 5 minutes (healthy)",
  `container=${id} acme-kratos [acme-egress,acme-internal] running Up 5 minutes (healthy)`,
  "network=n1 acme-internal",
  "network=n2 acme-egress",
  "network=n3 bridge",
  "volume=acme-postgres",
  "volume=of-somebody-else",
  "ours=c1",
  `ours=${id}`,
  "ours=n1",
  "ours=n2",
  "owner=acme-postgres acme",
  // As Docker 20.10 prints them: every 30 s.
  'check=/acme-kratos 2026-11-23T17:00:00.12345678Z 30000000000 "2026-11-24T02:42:10.1Z" "2026-11-24T03:42:40.5+01:00" ',
  "check=/olympus-caddy 2026-11-24T02:43:00.5Z 30000000000 ",
  sum(caddyfileText, "Caddyfile"),
  sum(siteOf("acme"), "sites/acme.caddy"),
  "listed=1",
  "running=aa",
  "loaded=aa",
  "rule=set",
  "end=1",
];
const facts = (...lines: string[]) => {
  const found = hostFacts(lines.join("\n"));
  if (found === undefined) throw new Error("no facts");
  return found;
};
/** What is told of a host on which lines are not as they should be. */
const told = (...swaps: [from: RegExp, to: string][]) => {
  const lines = healthy.map((line) => swaps.reduce((text, [from, to]) => text.replace(from, to), line));
  return hostDrift("eu-1", facts(...lines), state()).map(
    ({ owner, words, mend, remedy }) => `${owner.name}: ${words} (${remedy ?? mend})`,
  );
};

test("where all is as it was left, nothing is told", () => {
  expect(told()).toEqual([]);
});

test.each<[string, [RegExp, string][], string[]]>([
  [
    "an edited file",
    [[/^file=.*acme.*/, sum("x", "sites/acme.caddy")]],
    ["acme: Caddy's sites/acme.caddy was edited by hand (up)"],
  ],
  ["a removed file", [[/^file=.*acme.*/, ""]], ["acme: Caddy's sites/acme.caddy was removed by hand (up)"]],
  ["the host's own file", [[/^file=.*Caddyfile$/, ""]], ["eu-1: Caddy's Caddyfile was removed by hand (up)"]],
  [
    "a file that nobody published",
    [[/^listed=1/, `${sum("x", "sites/zz.caddy")}\nlisted=1`]],
    [
      "eu-1: Caddy's sites/zz.caddy was put there by hand (If it is not wanted: docker exec olympus-caddy " +
        "rm /etc/caddy/sites/zz.caddy, then docker restart olympus-caddy)",
    ],
  ],
  [
    "what Caddy runs",
    [[/^running=.*/, "running=bb"]],
    ["eu-1: Caddy runs another configuration than was published (up)"],
  ],
  [
    "health that nobody looks at since dockerd was restarted (moby/moby#41871)",
    [[/^(check=\/acme-kratos .*)"[^"]*" "[^"]*" $/, '$1"2026-11-24T02:39:10.1Z" "2026-11-24T02:40:20.9Z" ']],
    [
      "eu-1: the engine has not looked at the health of acme-kratos since 2026-11-24T02:40:20Z, and goes on saying " +
        "what it saw then (Start its checks again: docker restart acme-kratos. With live-restore, Docker before 23 " +
        "stops them whenever dockerd restarts: upgrade Docker, or turn live-restore off)",
    ],
  ],
  [
    "a check that a busy host begins late",
    [[/^(check=\/acme-kratos .*)"[^"]*" "[^"]*" $/, '$1"2026-11-24T02:39:10.1Z" "2026-11-24T02:41:20.9Z" ']],
    [],
  ],
  [
    "the same of a container that is paused, which is told as that",
    [
      [/^(check=\/acme-kratos .*)"[^"]*" "[^"]*" $/, '$1"2026-11-24T02:39:10.1Z" '],
      [/^(container=.* acme-kratos .*) running .*$/, "$1 paused Up 5 minutes (Paused)"],
    ],
    ["acme: acme-kratos is paused (up)"],
  ],
  [
    "rules that do not come back",
    [[/^rule=.*/, "rule=missing"]],
    [
      "eu-1: the firewall's rules are missing, though olympus-firewall runs: tenants reach each other and services of the host " +
        "(See why: docker logs --tail 20 olympus-firewall)",
    ],
  ],
  [
    "a hole between tenants",
    [[/acme-egress,/, "acme-egress,bigcorp-internal,"]],
    ["acme: acme-kratos was connected to the network bigcorp-internal (up)"],
  ],
  [
    "no way out",
    [[/acme-egress,/, ""]],
    ["acme: acme-kratos was disconnected from the network acme-egress (up)"],
  ],
  ["a pause", [[/(acme-kratos .*) running/, "$1 paused"]], ["acme: acme-kratos is paused (up)"]],
  [
    "a container under another's name",
    [[/acme-kratos-id/, "f00"]],
    [
      "acme: acme-kratos was removed, and another container has its name (Before `up`: docker rm --force acme-kratos)",
    ],
  ],
  ["a container that is gone, which Pulumi sees", [[/^container=acme-kratos-id.*/, ""]], []],
  ["a Caddy that could not be asked", [[/^(file|listed|running|loaded)=.*/, ""]], []],
])("%s", (_what, swaps, expected) => {
  expect(told(...swaps)).toEqual(expected);
});

test("engines list containers in their own ways", () => {
  const podman = facts(
    "asked=x",
    "container=1 a [one,two] Up 4 seconds ago",
    "container=2 b [[one two]] Paused",
    "container=3 c [] Exited (0) 1 second ago",
    "end=1",
  );
  const running = { isOurs: false, isPaused: false, isFailing: false, exitCode: undefined };
  expect(podman.containers).toEqual(
    new Map([
      ["a", { ...running, id: "1", networks: ["one", "two"] }],
      ["b", { ...running, id: "2", networks: ["one", "two"], isPaused: true }],
      ["c", { ...running, id: "3", networks: [], exitCode: 0 }],
    ]),
  );
});

describe("nothing is found", () => {
  test("by a script that did not come to its end", () => {
    expect(hostFacts(healthy.slice(0, -1).join("\n"))).toBeUndefined();
    expect(hostFacts("Cannot connect to the Docker daemon")).toBeUndefined();
  });

  test("where nobody has asked", () => {
    expect(foundFile(undefined, "sites/acme.caddy", "x")).toBeUndefined();
    expect(foundCaddyfile(undefined, "x")).toBeUndefined();
    expect(foundRules(undefined)).toBeUndefined();
    expect(
      foundContainers(undefined, [{ name: "acme-kratos", kind: "service", networks: [] }]),
    ).toBeUndefined();
  });
});

describe("what the program tells a Command", () => {
  const now = facts(...healthy);

  test("nothing, where the host has what is about to be published", () => {
    expect(foundFile(now, "sites/acme.caddy", siteOf("acme"))).toBeUndefined();
    expect(foundCaddyfile(now, caddyfileText)).toBeUndefined();
    expect(foundRules(now)).toBeUndefined();
    const networks = ["acme-internal", "acme-egress"];
    expect(foundContainers(now, [{ name: "acme-kratos", kind: "service", networks }])).toBeUndefined();
  });

  test("another value each time that something else is found", () => {
    expect(foundFile(now, "sites/acme.caddy", "x")).toBe("another file at 2026-11-24T02:43:11Z");
    expect(foundFile(now, "sites/newcorp.caddy", "x")).toBe("no file at 2026-11-24T02:43:11Z");
    expect(
      foundContainers(now, [{ name: "acme-kratos", kind: "service", networks: ["acme-internal"] }]),
    ).toBe("acme-kratos in other networks at 2026-11-24T02:43:11Z");
    const other = facts(
      ...healthy.map((line) => line.replace("running=aa", "running=bb").replace("=set", "=missing")),
    );
    expect(foundCaddyfile(other, caddyfileText)).toBe(
      "another configuration in the running Caddy at 2026-11-24T02:43:11Z",
    );
    expect(foundRules(other)).toBe("no rule at 2026-11-24T02:43:11Z");
  });
});

describe("what a passed gate would not have left", () => {
  const step = `container=s1 acme-bootstrap [acme-internal] exited Exited (0) 5 minutes ago`;
  const networks = ["acme-internal", "acme-egress"];
  const kratos = { name: "acme-kratos", kind: "service", networks } as const;
  const bootstrap = { name: "acme-bootstrap", kind: "step", networks: ["acme-internal"] } as const;
  const seen = (gated: Parameters<typeof foundContainers>[1][number], ...swap: [RegExp, string][]) =>
    foundContainers(
      facts(
        ...swap.reduce(
          (lines, [from, to]) => lines.map((line) => line.replace(from, to)),
          [step, ...healthy],
        ),
      ),
      [gated],
    );

  test.each<[string, Parameters<typeof seen>]>([
    ["acme-kratos not there", [kratos, [/ acme-kratos /, " other "]]],
    ["acme-kratos without its network acme-egress", [kratos, [/^network=n2.*/, ""]]],
    ["acme-kratos paused", [kratos, [/running Up (.* \(healthy\))/, "paused Up $1"]]],
    ["acme-kratos stopped", [kratos, [/running Up .*/, "exited Exited (0) 3 seconds ago"]]],
    ["acme-kratos unhealthy", [kratos, [/\(healthy\)/, "(unhealthy)"]]],
    ["acme-kratos unhealthy", [kratos, [/running Up .*/, "restarting Restarting (1) 3 seconds ago"]]],
    // As Podman says it.
    [
      "acme-kratos stopped",
      [kratos, [/running Up .*/, "Exited (137) 3 seconds ago Exited (137) 3 seconds ago"]],
    ],
    ["acme-bootstrap not done", [bootstrap, [/Exited \(0\)/, "Exited (128)"]]],
    ["acme-bootstrap not done", [bootstrap, [/exited Exited .*/, "created Created"]]],
  ])("%s", (words, args) => {
    expect(seen(...args)).toBe(`${words} at 2026-11-24T02:43:11Z`);
  });

  test("a service that has just been started is none, nor a step that is done", () => {
    expect(seen(kratos, [/\(healthy\)/, "(health: starting)"])).toBeUndefined();
    expect(seen(bootstrap)).toBeUndefined();
    expect(seen(bootstrap, [/ acme-bootstrap /, " other "])).toBeUndefined();
  });
});

test("volumes and networks are told with whose they are", () => {
  const now = facts(...healthy);
  expect(now.volumes).toEqual(
    new Map([
      ["acme-postgres", { tenant: "acme" }],
      ["of-somebody-else", { tenant: undefined }],
    ]),
  );
  expect(now.networks.get("bridge")).toEqual({ id: "n3", isOurs: false });
  expect(now.networks.get("acme-internal")).toEqual({ id: "n1", isOurs: true });
});
