import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { page as statusPage } from "../../reports/status/page.ts";
import { documentOf, type TenantChange } from "../reports/status/answers.ts";
import { barriers, PageFile } from "./pageFile.ts";

/** The status page where people read it: a phone, a desk, a screen on a wall, paper, and a screen reader. */

const many = (letter: string, count: number): Record<string, TenantChange> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${letter}-tenant-${index}`,
      { entry: { ring: index < 3 ? "canary" : "stable" } },
    ]),
  );
const complaint = 'could not extend file "<img src=x onerror=alert(1)>": No space left on device';
const document = documentOf(
  new Date("2026-11-28T12:00:03Z"),
  {
    "eu-1": {
      ...many("a", 12),
      acme: { entry: { ring: "canary" }, services: { hydra: { isHealthy: false, restarts: 7 } } },
      bigcorp: { database: { complaint } },
      sleepy: { entry: { state: "suspended" } },
    },
    "eu-2": many("b", 5),
    "eu-3": { quiet: {}, calm: {} },
  },
  {
    "eu-2": { space: { folder: "/var/lib/docker", totalMiB: 20_480, freeMiB: 1_536, inodes: undefined } },
    "eu-3": "silent",
  },
);
const html = statusPage(document);

let file: PageFile;
beforeAll(async () => {
  file = await PageFile.of(html);
}, 120_000);
afterAll(() => file?.close());

describe.each([
  ["a phone", 390, 844],
  ["a desk", 1280, 900],
  ["a screen on a wall", 1920, 1080],
])("on %s", (_where, width, height) => {
  let page: Page;
  beforeAll(async () => {
    page = await file.opened(width, height);
  });
  afterAll(() => page?.close());

  test("nothing is wider than the screen", async () => {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });

  test("the verdict, its time and the first thing that is wrong are seen without scrolling", async () => {
    for (const words of ["Something is ill", "2026-11-28 12:00:03 UTC", "The disk of images and volumes"]) {
      const box = await page.getByText(words).first().boundingBox();
      expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThan(height);
    }
  });

  test("names of tenants are whole", async () => {
    for (const unit of await page.locator(".unit").all()) {
      const [inside, outside] = [await unit.locator("b").boundingBox(), await unit.boundingBox()];
      if (inside === null || outside === null) throw new Error("a tenant is not shown");
      expect(inside.x + inside.width).toBeLessThanOrEqual(outside.x + outside.width);
    }
  });
});

test("what is wrong comes first, what nobody knows after it, and a silent host speaks for its tenants", async () => {
  const page = await file.opened(1280, 900);
  expect(await page.locator(".group h3").allTextContents()).toEqual([
    "Host eu-2 ill",
    "acme ill",
    "bigcorp ill",
    "Host eu-3 unknown",
    "quiet, calm unknown",
  ]);
  expect(await page.locator(".group li").allTextContents()).toEqual([
    "The disk of images and volumes is nearly full: 1.5GiB of 20GiB free at /var/lib/docker.",
    "Hydra is not healthy.",
    `Its database cannot be written: ${complaint}. Nobody can sign in until there is room.`,
    "Nobody could ask it: it does not answer.",
    "Not everything of them could be asked.",
  ]);
  expect(await page.locator("header p").last().textContent()).toBe(
    "22 tenants: 2 ill, 2 unknown, 18 well. 3 hosts: 1 ill, 1 unknown, 1 well.",
  );
  await page.close();
});

test("each tenant stands on its host in its ring, with a word and not a colour alone", async () => {
  const page = await file.opened(1280, 900);
  const canary = page.getByRole("list", { name: "Ring canary on eu-1" });
  expect(await canary.getByRole("listitem").allTextContents()).toEqual([
    "a-tenant-0 well",
    "a-tenant-1 well",
    "a-tenant-2 well",
    "acme ill",
  ]);
  const stable = page.getByRole("list", { name: "Ring stable on eu-1" });
  expect((await stable.getByRole("listitem").allTextContents()).slice(-2)).toEqual([
    "bigcorp ill",
    "sleepy well, suspended",
  ]);
  const borders = await page.evaluate(
    "['well','ill','unknown'].map((word) => getComputedStyle(document.querySelector('.unit.' + word)).borderTopStyle)",
  );
  expect(borders).toEqual(["solid", "double", "dashed"]);
  const full = await page.locator("section", { hasText: "eu-2" }).locator(".full").boundingBox();
  const bar = await page.locator("section", { hasText: "eu-2" }).locator(".bar").boundingBox();
  expect((full?.width ?? 0) / (bar?.width ?? 1)).toBeCloseTo(1 - 1_536 / 20_480, 1);
  await page.close();
});

test("headings, names and tables are there for a screen reader", async () => {
  const page = await file.opened(1280, 900);
  const headings = await page.getByRole("heading", { level: 2 }).allTextContents();
  expect(headings).toEqual(["What is wrong", "Fleet", "All of it"]);
  expect(await page.locator("table caption").allTextContents()).toEqual(["Rings", "Hosts", "Tenants"]);
  const tenants = page.getByRole("table", { name: "Tenants" });
  expect(await tenants.getByRole("row").filter({ hasText: "acme" }).allTextContents()).toEqual([
    "acmeilleu-1canary2026.11hydra not healthywritten48MiB50GiB42 days7",
  ]);
  expect(await tenants.getByRole("row").filter({ hasText: "sleepy" }).allTextContents()).toEqual([
    "sleepywell, suspendedeu-1stable-off-50MiB50GiB42 days-",
  ]);
  expect(await page.evaluate("document.documentElement.lang")).toBe("en");
  await page.close();
});

describe.each(["light", "dark"] as const)("in %s", (colors) => {
  test.each([390, 1280])("no rule of accessibility is broken, %i px wide", async (width) => {
    expect(await barriers(file, colors, width)).toEqual([]);
  });
});

test("on paper nothing is cut off, and boxes keep their colours", async () => {
  const page = await file.opened(720, 1000);
  await page.emulateMedia({ media: "print" });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(720);
  const adjust = await page.evaluate("getComputedStyle(document.querySelector('.full')).printColorAdjust");
  expect(adjust).toBe("exact");
  expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
  await page.close();
});

test("nothing is loaded, nothing is run, and the policy is kept", () => {
  expect([...new Set(file.requests)]).toEqual([file.url]);
  expect(file.complaints).toEqual([]);
  expect(html).not.toMatch(/<script|<link|style="|<img|http-equiv="refresh"/);
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
});

test("a fleet that is well says so, and nothing is wrong; one of nobody is shown, too", async () => {
  const well = statusPage(documentOf(new Date("2026-11-28T12:00:03Z"), { "eu-1": many("a", 2) }));
  expect(well).toContain('<p class="verdict well">All is well</p>');
  expect(well).toContain("<p>2 tenants: 2 well. 1 host: 1 well.</p>");
  expect(well).not.toContain("What is wrong");
  expect(statusPage(documentOf(new Date("2026-11-28T12:00:03Z"), {}))).toContain(
    "<p>0 tenants. 0 hosts.</p>",
  );
});

test("a screen on a wall loads the page again by itself", async () => {
  const wall = await PageFile.of(statusPage(document, 1));
  const page = await wall.opened(1920, 1080);
  expect(await page.locator(".asked").textContent()).toBe(
    "Asked 2026-11-28 12:00:03 UTC. This page loads itself again every 1 s: when the time stands still, nobody asks any more.",
  );
  await page.waitForRequest(wall.url, { timeout: 20_000 });
  await wall.close();
});
