import { describe, expect, test } from "vitest";
import type { PlannedFleet } from "../../../backends/docker/fleetPlan.ts";
import { certificateNeeds, certificateWords } from "../../../reports/plan/certificates.ts";
import { stackDocument } from "../../../reports/plan/document.ts";
import { markdown } from "../../../reports/plan/markdown.ts";
import { page } from "../../../reports/plan/page.ts";
import { stackReport } from "../../../reports/plan/stackReport.ts";
import { edited, lines, oneHost, planned } from "./edits.ts";

const large = { hosts: { local: { ...oneHost.hosts.local, memory: "512GiB" } } };
const acme = { ...oneHost, ...large, tls: { mode: "acme", email: "ops@example.com" } };
const privately = { ...acme, tls: { ...acme.tls, ca: "https://ca.example.com/dir" } };

/** Tenants with a login and an API each: two certificates below example.com. */
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `t${from + index}: {}`);

const warnings = (before: readonly string[], after: readonly string[], configs = {}) =>
  lines(edited(before, after, { before: acme, after: acme, ...configs })).filter((line) =>
    line.includes("first certificate"),
  );

describe("what the fleet needs", () => {
  test("is counted by what is registered, public suffixes and all", () => {
    const fleet = planned(
      [
        "acme: { admin: { allow: [198.51.100.0/24] }, domains: [login.acme.co.uk, id.acme.co.uk] }",
        "bigcorp: { domains: [bigcorp.github.io, sso.other.github.io] }",
      ],
      acme,
    );
    const needs = certificateNeeds(fleet);
    expect(needs).toEqual([
      { registeredDomain: "example.com", names: 5 },
      { registeredDomain: "acme.co.uk", names: 2 },
      { registeredDomain: "bigcorp.github.io", names: 1 },
      { registeredDomain: "other.github.io", names: 1 },
    ]);
    expect(certificateWords(needs)).toBe(
      "5 below example.com, 2 below acme.co.uk, 1 below bigcorp.github.io, 1 below other.github.io",
    );
    // bigcorp's admin site opens for nobody.
    expect(stackReport(fleet, {}, [])).toMatchObject({ certificates: needs, hosts: [{ certificates: 9 }] });
  });

  test("is nothing of an ACME server's where Caddy is the authority", () => {
    const fleet = planned(["acme: {}"], oneHost);
    expect(certificateNeeds(fleet)).toEqual([]);
    expect(certificateWords([])).toBe("");
    expect(stackReport(fleet, {}, [])).toMatchObject({ certificates: [], hosts: [{ certificates: 3 }] });
  });

  test("is worth advice above what Let's Encrypt issues in a week, and with another authority it is not", () => {
    const about = (config: object) => stackReport(planned(many(26), config), {}, []).advice;
    expect(about(acme)).toContain(
      "52 names below example.com have certificates, and Let's Encrypt issues 50 new ones a week below one registered " +
        "domain: bring tenants up in groups, or ask for a higher limit.",
    );
    expect(stackReport(planned(many(25), acme), {}, []).advice.join()).not.toContain("Let's Encrypt");
    expect(about(privately).join()).not.toContain("Let's Encrypt");
  });
});

test("comment and page tell both, the fleet's need and the warning", () => {
  const side = (count: number) => ({ planned: planned(many(count), acme) });
  const report = (one: PlannedFleet) => stackReport(one, {}, []);
  const document = {
    version: 1,
    stacks: [stackDocument("prod", side(1), side(40), report, new Date(0))],
  } as const;
  for (const told of [markdown(document), page(document)]) {
    expect(told).toContain("80 below example.com");
    expect(told).toContain("78 names below example.com need their first certificate");
  }
});

describe("a change", () => {
  test("that asks for more than a week's certificates says when the last will come, and what to do", () => {
    expect(warnings(many(10), many(40))).toEqual([
      "stack interrupts: 60 names below example.com need their first certificate, Let's Encrypt issues 50 new ones a week " +
        "below one registered domain, so the last of them are had a week later and answer nobody before: merge tenants in " +
        "groups over several weeks, ask for a higher limit (letsencrypt.org/docs/rate-limits), or put some below another domain",
    ]);
    expect(warnings([], many(80))[0]).toContain("the last of them are had 3 weeks later");
  });

  test("within the limit says nothing, however many have certificates already", () => {
    expect(warnings(many(100), many(125))).toEqual([]);
    expect(warnings(many(125), many(125))).toEqual([]);
  });

  test("counts customers' own domains by themselves", () => {
    const named = many(25).map((line) => line.replace("{}", "{ domains: [login.LABEL.test] }"));
    const own = named.map((line, index) => line.replace("LABEL", `customer${index}`));
    expect(warnings([], own)).toEqual([]);
    const shared = named.map((line, index) => line.replace("login.LABEL", `l${index}.customer`));
    expect(warnings([], [...shared, ...many(1, 25)])[0]).toContain("52 names below example.com");
  });

  test("of the authority asks for all certificates again", () => {
    expect(warnings(many(30), many(30), { before: { ...oneHost, ...large } })[0]).toContain(
      "60 names below example.com",
    );
    expect(warnings(many(30), many(30), { before: privately })[0]).toContain("60 names below example.com");
    expect(warnings(many(30), many(30), { after: privately })).toEqual([]);
  });

  test("counts the orders of one host's account", () => {
    const found = warnings([], many(151));
    expect(found[1]).toBe(
      "stack interrupts: 302 names on host local need their first certificate, Let's Encrypt takes 300 orders of a host's " +
        "account in three hours: merge tenants in groups",
    );
  });
});
