import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judged } from "../../../reports/doctor/doctor.ts";
import { verdictOf } from "../../../reports/doctor/document.ts";
import type { Finding } from "../../../reports/doctor/finding.ts";
import type { Fault } from "./faults/fault.ts";
import { faults } from "./faults/faults.ts";
import { facts, type Otherwise, subject } from "./healthy.ts";

const findingsOf = (fault: Fault) => {
  const of = subject(fault.subject);
  return judged(of, facts(fault.facts, of));
};

const isSaid = (findings: readonly Finding[], { check, level, found, remedy }: Fault) =>
  findings.some(
    (finding) =>
      finding.level !== "ok" &&
      finding.check === check &&
      finding.level === level &&
      found.test(finding.found) &&
      remedy.test(finding.remedy.lines.join("\n")),
  );

test("nothing is wrong with a healthy host, and each group of checks says what it has seen", () => {
  const findings = judged(subject(), facts());
  expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
  expect(new Set(findings.map(({ check }) => check)).size).toBeGreaterThanOrEqual(17);
  expect(verdictOf(findings)).toBe("ok");
});

describe("a host is healthy but for", () => {
  test.each(faults.map((fault) => [fault.what, fault] as const))("%s", (_, fault) => {
    const findings = findingsOf(fault);
    const wrong = findings.filter(({ level }) => level !== "ok");
    expect(isSaid(findings, fault), JSON.stringify(wrong, null, 2)).toBe(true);
    // What is wrong is said once, and nothing else is called wrong with it.
    expect(wrong.filter(({ check }) => check !== fault.check)).toEqual([]);
    if (fault.level === "error") expect(verdictOf(findings)).toBe("error");
    if (fault.level === "unknown") expect(verdictOf(findings)).toBe("ok");
  });
});

/** Facts that can be wrong at the same time: lines of different names, info of different fields, no engine answers. */
const combinable = faults.filter(
  ({ facts: given, subject: otherwise }) =>
    otherwise === undefined &&
    given.answers === undefined &&
    given.silence === undefined &&
    given.images === undefined,
);

/** Facts that are judged together: of sources of the same thing the best counts, of limits the worst. */
function question(fact: string): string {
  if (/^(sshd|command)\./.test(fact)) return fact.split(".")[0] ?? fact;
  if (/^(Memory|Swap)Limit$/.test(fact)) return "limit";
  return fact === "CgroupDriver" ? "unit" : fact;
}

function combined(some: readonly Fault[]): { together: Otherwise; taken: Fault[] } {
  const names = new Set<string>();
  const taken: Fault[] = [];
  let together: Otherwise = {};
  for (const fault of some) {
    const { lines = [], info = {}, ...rest } = fault.facts;
    const facts = [
      ...lines.map((line) => line.split("=")[0] ?? ""),
      ...Object.keys(info),
      ...Object.keys(rest),
    ];
    const own = facts.map(question);
    if (own.some((name) => names.has(name))) continue;
    for (const name of own) names.add(name);
    taken.push(fault);
    together = {
      ...together,
      ...rest,
      lines: [...(together.lines ?? []), ...lines],
      info: { ...together.info, ...info },
    };
  }
  return { together, taken };
}

const usual = subject();

test("faults do not hide one another, and every one comes with why and what to do", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...combinable], { minLength: 1 }), (some) => {
      const { together, taken } = combined(some);
      const findings = judged(usual, facts(together, usual));
      for (const fault of taken) expect(isSaid(findings, fault), fault.what).toBe(true);
      for (const finding of findings) {
        expect(finding.found).not.toMatch(/\.$|undefined|NaN|\n/);
        if (finding.level === "ok") continue;
        expect(finding.why).toMatch(/^[A-Z`].*[^.]\.$/);
        expect(finding.remedy.lines.length).toBeGreaterThan(0);
        expect(finding.remedy.lines.join("\n")).not.toMatch(/undefined|NaN/);
      }
    }),
    { numRuns: 100 },
  );
});

describe("what is right for one host is not asked of another", () => {
  const edge = () =>
    subject({
      config: { edge: { hosts: ["eu-1"] }, dns: { provider: "none", mode: "wildcard" } },
      tenants: 'defaults: { release: "2026.11", mail: none }\ntenants: { acme: { host: eu-2 } }\n',
    });

  test("an edge holds no tenants: no pool, no INPUT rule, no certificates of tenants", () => {
    const of = edge();
    const wrong = facts(
      { lines: ["route=10.200.0.0/16 dev wg0", "url=", "forwarding=0", "setting.tcp_syn_retries=2"] },
      of,
    );
    expect(judged(of, wrong).filter(({ level }) => level !== "ok")).toEqual([]);
    expect(judged(of, wrong).map(({ check }) => check)).not.toContain("networks");
  });

  test("an edge must not wait for hosts for long", () => {
    const of = edge();
    expect(judged(of, facts({}, of)).filter(({ level }) => level !== "ok")).toMatchObject([
      { level: "warning", found: "net.ipv4.tcp_syn_retries is 6" },
    ]);
  });

  test("an edge must have the memory that is written for it", () => {
    const of = edge();
    expect(judged(of, facts({ info: { MemTotal: 2 ** 30 } }, of)).map(({ level }) => level)).toContain(
      "error",
    );
  });

  test("an engine of this machine has no sshd, and its clock is this one's", () => {
    const local = { address: "unix:///var/run/docker.sock" };
    const of = subject({ host: local });
    const findings = judged(
      of,
      facts({ reach: { kind: "here" }, sshVersion: undefined, clock: { least: 99, most: 100 } }, of),
    );
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(findings.map(({ check }) => check)).not.toContain("sshd");
  });

  test("commands for root have no sudo where the program is root", () => {
    const findings = judged(
      subject(),
      facts({ lines: ["user.id=0", "user.name=root", "forwarding=0", "time.synchronised=no"] }),
    );
    const lines = findings.flatMap((finding) => (finding.level === "ok" ? [] : finding.remedy.lines));
    expect(lines.join("\n")).not.toContain("sudo");
  });
});

describe("what belongs to the fleet is not in its way", () => {
  const labels = { "olympus-fleet.managed-by": "olympus-fleet" };
  const caddy = {
    Names: ["/olympus-caddy"],
    State: "running",
    Status: "Up 2 hours (healthy)",
    Labels: labels,
  };
  const running = [
    caddy,
    { ...caddy, Names: ["/olympus-firewall"] },
    { ...caddy, Names: ["/acme-kratos"], Labels: { ...labels, "olympus-fleet.tenant": "acme" } },
  ];
  const networks = [
    {
      Name: "acme-internal",
      Id: "a".repeat(64),
      Labels: labels,
      Options: { "com.docker.network.bridge.name": "oly-i1" },
      IPAM: { Config: [{ Subnet: "10.128.4.16/28" }] },
    },
  ];
  const held = [
    "listener=00000000:0050 0",
    "listener=00000000:01BB 0",
    "route=10.128.4.16/28 dev oly-i1 proto kernel scope link src 10.128.4.17",
  ];

  test("its Caddy at 80 and 443, its bridges in the pool, its firewall", () => {
    const findings = judged(subject(), facts({ lines: held, answers: { containers: running, networks } }));
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(findings).toContainEqual({ check: "ports", level: "ok", found: "80 and 443 are olympus-caddy's" });
    expect(findings).toContainEqual({
      check: "guard",
      level: "ok",
      found: "the firewall's rules are set and watched (iptables v1.8.9 (nf_tables))",
    });
  });

  test("but another program at its port is, also while Caddy runs", () => {
    const lines = [...held, 'holder=LISTEN 0 511 127.0.0.1:80 0.0.0.0:* users:(("nginx",pid=812,fd=6))'];
    const findings = judged(subject(), facts({ lines, answers: { containers: running, networks } }));
    expect(findings.filter(({ level }) => level === "error").map(({ found }) => found)).toEqual([
      "port 80 is held by nginx (process 812)",
    ]);
  });
});
