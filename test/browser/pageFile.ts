import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../harness/browser.ts";

/** A page of ours in a browser, as somebody opens it from a disk. */
export class PageFile {
  readonly url: string;
  /** What the browser has asked for. */
  readonly requests: string[] = [];
  /** What it has complained of. */
  readonly complaints: string[] = [];
  private readonly folder: string;
  private readonly browser: Browser;

  private constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.browser = browser;
    this.url = pathToFileURL(join(folder, "page.html")).href;
  }

  static async of(html: string): Promise<PageFile> {
    const folder = mkdtempSync(join(tmpdir(), "olympus-fleet-page-"));
    writeFileSync(join(folder, "page.html"), html);
    return new PageFile(folder, await openBrowser());
  }

  async opened(width: number, height: number): Promise<Page> {
    const page = await this.browser.newPage({ viewport: { width, height } });
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("console", (message) => this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
    await page.goto(this.url);
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What keeps people from reading a page, by the rules of WCAG 2.2, levels A and AA, and by what is good practice: the rule,
 * and the elements.
 */
export async function barriers(
  browser: PageFile,
  colors: "light" | "dark",
  width: number,
): Promise<string[]> {
  const page = await browser.opened(width, 900);
  await page.emulateMedia({ colorScheme: colors });
  await page.evaluate(axe);
  const { violations } = await page.evaluate<Found>("axe.run()");
  await page.close();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`,
  );
}

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
