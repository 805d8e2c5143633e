import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { adminLimits, apiLimits, loginLimits } from "../../../fleet/tenant/limits.ts";

const everywhere = [...loginLimits, ...apiLimits, ...adminLimits];

test("each site ends with a limit on every path, and what has paths comes before", () => {
  for (const limits of [loginLimits, apiLimits, adminLimits]) {
    expect(limits.map(({ paths }) => paths === undefined)).toEqual([
      ...limits.slice(1).map(() => false),
      true,
    ]);
  }
});

test("no path is a faster way to guess than the login page", () => {
  const perMinute = (name: string) => {
    const { requests = Number.NaN, seconds = 1 } = loginLimits.find((limit) => limit.name === name) ?? {};
    return (requests / seconds) * 60;
  };
  expect(perMinute("any")).toBeLessThanOrEqual(perMinute("sign_in"));
  expect(perMinute("mail")).toBeLessThan(perMinute("sign_in"));
});

test("sites that share a count say the same of it", () => {
  const byName = new Map(everywhere.map(({ name, requests, seconds }) => [name, [requests, seconds]]));
  for (const { name, requests, seconds } of everywhere)
    expect([name, requests, seconds]).toEqual([name, ...(byName.get(name) ?? [])]);
});

test("docs/security.md has the figures", () => {
  const table = readFileSync("docs/security.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "));
  for (const { requests, seconds } of everywhere)
    expect(table.filter((line) => line.includes(` ${requests} in ${seconds} s`))).not.toEqual([]);
});
