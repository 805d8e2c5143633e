import { expect, test } from "vitest";
import { prometheus } from "../../../reports/status/prometheus.ts";
import { documentOf } from "./answers.ts";

const now = new Date("2026-11-28T12:00:00Z");
const found = (answered: number, failed: number, oldestSeconds?: number) => ({
  answered,
  failed,
  oldestSeconds,
});
const of = (visits: Parameters<typeof documentOf>[1][string][string]["visits"] = {}) =>
  documentOf(now, { "eu-1": { acme: { visits } } });

test("status says what sites have answered of late, from the oldest visit on that is known", () => {
  const document = of({ login: found(120, 37, 86_400), api: found(3, 0, 60) });
  expect(document.tenants[0]?.sites).toEqual([
    { site: "login", visits: 120, failed: 37, since: "2026-11-28T11:45:00.000Z" },
    { site: "api", visits: 3, failed: 0, since: "2026-11-28T11:59:00.000Z" },
  ]);
  // Asked now it is well. What it was a quarter of an hour ago is for alerts, and for rings.
  expect(document.verdict).toBe("well");
});

test("as metrics it has a sample for each site that is known", () => {
  const samples = (text: string) => text.split("\n").filter((line) => /^olympus_fleet_site_/.test(line));
  const labels = 'stack="prod",tenant="acme",host="eu-1",ring="stable",site="login"';
  expect(samples(prometheus(of({ login: found(120, 37, 86_400) })))).toEqual([
    `olympus_fleet_site_visits{${labels}} 120`,
    `olympus_fleet_site_failed_visits{${labels}} 37`,
  ]);
  expect(samples(prometheus(of()))).toEqual([]);
});
