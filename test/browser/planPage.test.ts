import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stackDocument } from "../../reports/plan/document.ts";
import { page as planPage } from "../../reports/plan/page.ts";
import { stackReport } from "../../reports/plan/stackReport.ts";
import { planned } from "../reports/plan/edits.ts";
import { barriers, PageFile } from "./pageFile.ts";

/** The plan's page where people read it: a phone, a desk, paper, and a screen reader. */

const names = Array.from({ length: 20 }, (_, index) => `tenant-${String.fromCharCode(97 + index)}`);
const line = (name: string) => `${name}: { ring: ${name < "tenant-e" ? "canary" : "stable"} }`;
const before = planned([...names.map(line), "zephyr: {}"]);
const after = planned([
  ...names.map(line).slice(1),
  "tenant-a: { secrets: { generation: 2 } }",
  "newcorp: {}",
]);
const html = planPage({
  version: 1,
  against: "origin/main",
  stacks: [
    stackDocument(
      "prod",
      { planned: before },
      { planned: after },
      (one) => stackReport(one, { perHost: 80 }, ["<img src=x onerror=alert(1)>"]),
      new Date(0),
    ),
  ],
});

let file: PageFile;
beforeAll(async () => {
  file = await PageFile.of(html);
}, 120_000);
afterAll(() => file?.close());

describe.each([
  ["a phone", 390, 844],
  ["a desk", 1280, 900],
])("on %s", (_where, width, height) => {
  let page: Page;
  beforeAll(async () => {
    page = await file.opened(width, height);
  });
  afterAll(() => page?.close());

  test("nothing is wider than the screen", async () => {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });

  test("the verdict is seen without scrolling", async () => {
    const box = await page.getByText("1 tenant removed, 1 tenant changed, 1 tenant added").boundingBox();
    expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThan(height);
  });

  test("tiles fill the box by memory, and lie inside it", async () => {
    const box = await page.locator(".box").boundingBox();
    const tiles = await page.locator(".tile").all();
    expect(tiles).toHaveLength(21);
    let area = 0;
    for (const tile of tiles) {
      const place = await tile.boundingBox();
      if (box === null || place === null) throw new Error("a tile is not shown");
      expect(place.x).toBeGreaterThanOrEqual(box.x);
      expect(place.y + place.height).toBeLessThanOrEqual(box.y + box.height + 1);
      area += place.width * place.height;
    }
    const share = area / ((box?.width ?? 0) * (box?.height ?? 0));
    expect(share).toBeCloseTo((21 * 503) / (16 * 1024), 1);
  });
});

test("states are words, not colours alone", async () => {
  const page = await file.opened(1280, 900);
  expect(await page.locator(".chip", { hasText: "newcorp" }).textContent()).toMatch(
    /newcorp 503MiB, stable new/,
  );
  expect(await page.locator(".chip", { hasText: "tenant-a" }).textContent()).toMatch(/interrupted/);
  await page.close();
});

test("headings, names and tables are there for a screen reader", async () => {
  const page = await file.opened(1280, 900);
  const headings = await page.getByRole("heading").allTextContents();
  expect(headings).toEqual(["Plan of prod", "Stack prod", "Changes", "Hosts by memory", "local"]);
  expect(await page.getByRole("img").getAttribute("aria-label")).toMatch(
    /^local: 21 tenants reserve 10\.3GiB of 14GiB/,
  );
  const tables = await page.locator("table caption").allTextContents();
  expect(tables).toEqual(["Hosts", "Tenants", "DNS records to make by hand"]);
  const tenants = page.getByRole("table", { name: "Tenants" });
  expect(await tenants.getByRole("columnheader", { name: "Cost" }).count()).toBe(1);
  expect(await tenants.getByRole("rowheader", { name: "newcorp" }).count()).toBe(1);
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
  const adjust = await page.evaluate("getComputedStyle(document.querySelector('.tile')).printColorAdjust");
  expect(adjust).toBe("exact");
  expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
  await page.close();
});

test("nothing is loaded, nothing is run, and the policy is kept", () => {
  expect([...new Set(file.requests)]).toEqual([file.url]);
  expect(file.complaints).toEqual([]);
  expect(html).not.toMatch(/<script|<link|style="|<img/);
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
});
