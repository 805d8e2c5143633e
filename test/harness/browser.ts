import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { ensureChromium } from "../../lab/browser.ts";

/** How somebody signs in. */
export interface Login {
  readonly email: string;
  readonly password: string;
}

/**
 * Headless Chromium that calls nobody but the pages it is sent to.
 *
 * @param namesLeadTo address of every name, as DNS would lead there. Default: what this machine makes of names
 */
export async function openBrowser(namesLeadTo?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChromium(),
    args: [
      "--headless",
      "--no-sandbox", // tests run as root in a throw-away machine
      "--disable-gpu",
      "--disable-quic", // with an authority that the browser does not know, QUIC would be refused silently
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(namesLeadTo === undefined
        ? []
        : [`--host-resolver-rules=MAP * ${namesLeadTo}, EXCLUDE 127.0.0.1, EXCLUDE localhost`]),
    ],
  });
}

/** A window with nothing in it yet: another person, at another machine. */
export async function openWindow(browser: Browser): Promise<Page> {
  // Caddy's own authority is in no trust store here; the other client of the tests checks it.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

/** Caddy lets five attempts in ten seconds through, counted per tenant and address. */
const attempts = 5;
const windowMilliseconds = 10_200;
const answeredAt = new Map<string, number[]>();

/**
 * Fills in Hera's sign-in form, which the page must show already. All browsers of a test run share one address
 * and are faster than people, so this waits for its turn.
 */
export async function submitLogin(page: Page, { email, password }: Login): Promise<void> {
  const { origin } = new URL(page.url());
  const earlier = answeredAt.get(origin) ?? [];
  const oldest = earlier.at(-attempts);
  if (oldest !== undefined) await sleep(oldest + windowMilliseconds - Date.now());
  await page.fill("#identifier", email);
  await page.fill("#password", password);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.click("#submit");
  const status = (await answer).status();
  answeredAt.set(origin, [...earlier, Date.now()].slice(-attempts));
  if (status === 429) throw new Error(`${origin}: the sign-in was refused by the rate limit`);
}

/** Signs in at a tenant's own page, in no application's name. */
export async function signInAt(page: Page, loginUrl: string, login: Login): Promise<void> {
  // `next`: without it Hera would ask in the name of the tenant's first OAuth2 client.
  await page.goto(`${loginUrl}/login?next=home`);
  await submitLogin(page, login);
}

/** What the page says above all else. */
export const title = (page: Page) => page.textContent("#title");
