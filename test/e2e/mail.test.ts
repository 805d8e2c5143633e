import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Login, openBrowser, openWindow, signInAt, title } from "../harness/browser.ts";
import { leadBreachListTo, makePerson } from "../harness/inside.ts";
import { codeIn, type Mail, MailSink } from "../harness/mailSink.ts";
import { Neighbour } from "../harness/namespace.ts";
import { gatewayOf } from "../harness/tenantAddresses.ts";
import { logsOf, secretsOf, toldInLogs } from "../harness/tenantSecrets.ts";
import { fleetFile, TestFleet } from "../harness/testFleet.ts";
import { newPassword, type TenantName, tenantNames } from "../harness/twoTenants.ts";

const accounts = {
  acme: { user: "sender-of-acme", password: newPassword() },
  bigcorp: { user: "sender-of-bigcorp", password: newPassword() },
};
const newcomers: Readonly<Record<TenantName, Login>> = {
  acme: { email: "new@acme.example", password: newPassword() },
  bigcorp: { email: "new@bigcorp.example", password: newPassword() },
};
/** Has forgotten the password. */
const forgetful: Login = { email: "forgetful@acme.example", password: newPassword() };
const waiting: Login = { email: "waiting@acme.example", password: newPassword() };
const codes: string[] = [];
const breachList = "172.31.255.254";

let neighbour: Neighbour | undefined;
let fleet: TestFleet;
let browser: Browser | undefined;
let sink: MailSink | undefined;

beforeAll(async () => {
  neighbour = await Neighbour.connect();
  const mail = (smtp: string) => ({ mail: { smtp } });
  fleet = await TestFleet.prepare(fleetFile({ acme: mail("main"), bigcorp: mail("second") }));
  await fleet.stack.setSecret("smtp-main", MailSink.uri(neighbour, accounts.acme));
  await fleet.stack.setSecret("smtp-second", MailSink.uri(neighbour, accounts.bigcorp));
  await fleet.up();
  // One that answers at once, and one that is silent: an outage, or a host without a way to the Internet.
  // Kratos asks nobody at documentation addresses.
  await neighbour.answerAlsoAs(breachList);
  await leadBreachListTo(fleet, "acme", breachList);
  await leadBreachListTo(fleet, "bigcorp", await gatewayOf(fleet, "bigcorp-egress"));
  browser = await openBrowser();
  await makePerson(fleet, "acme", forgetful);
  await makePerson(fleet, "acme", waiting);
});
afterAll(async () => {
  await browser?.close();
  await sink?.stop();
  await fleet?.destroy();
  await neighbour?.disconnect();
});

async function window(): Promise<Page> {
  if (!browser) throw new Error("there is no browser");
  return openWindow(browser);
}

const loginOf = async (tenant: TenantName) => {
  const url = (await fleet.stack.outputs()).fleet[tenant]?.urls.login;
  if (!url) throw new Error(`the outputs have no address of ${tenant}`);
  return url;
};

async function delivered(to: string): Promise<Mail> {
  if (!sink) throw new Error("the mail server is not up");
  const mail = await sink.next(to);
  codes.push(codeIn(mail));
  return mail;
}

async function askForRecovery(page: Page, login: string, email: string): Promise<void> {
  await page.goto(`${login}/recovery`);
  await page.fill("#email", email);
  await page.click("#submit");
  await page.waitForSelector("#recovery-code-form");
}

/** Types a code into whichever form asks for one. */
async function enterCode(page: Page, code: string): Promise<void> {
  await page.fill("#code", code);
  await page.click("#submit");
}

test("a mail that the server could not take arrives when it can", async () => {
  const page = await window();
  await askForRecovery(page, await loginOf("acme"), waiting.email);
  const refusal = /connection refused/;
  for (let tries = 0; !refusal.test((await fleet.tryDocker("logs", "acme-kratos")).output); tries++) {
    if (tries > 100) throw new Error("Kratos has not tried to send");
    await sleep(200);
  }
  if (!neighbour) throw new Error("there is no neighbour");
  sink = await MailSink.start(neighbour, Object.values(accounts));
  expect(await delivered(waiting.email)).toMatchObject({ from: "no-reply@acme.localhost", encrypted: true });
  await page.context().close();
});

describe.each(tenantNames)("a newcomer of %s", (tenant) => {
  const { email, password } = newcomers[tenant];
  const sender = `no-reply@${tenant}.localhost`;

  test("registers, and gets a code from the tenant's own address and account", async () => {
    const page = await window();
    await page.goto(`${await loginOf(tenant)}/registration`);
    await page.fill("#traits-email", email);
    await page.fill("#password", password);
    await page.click("#submit", { timeout: 40_000 });
    await page.waitForSelector("#verification-code-form");
    const mail = await delivered(email);
    expect(mail).toMatchObject({ from: sender, envelopeFrom: sender, account: accounts[tenant].user });
    await page.context().close();
  });

  test("cannot sign in before the address is verified, and can after", async () => {
    const page = await window();
    const login = await loginOf(tenant);
    await signInAt(page, login, { email, password });
    expect(await title(page)).toBe("Verify your address");
    const code = codeIn(await delivered(email));

    await enterCode(page, code === "000000" ? "111111" : "000000");
    expect(await page.textContent("#message")).toContain("code is invalid");
    await enterCode(page, code);
    expect(await title(page)).toBe("Address verified");

    await signInAt(page, login, { email, password });
    expect(await title(page)).toBe("You are signed in");
    await page.context().close();
  });
});

describe("somebody who has forgotten the password", () => {
  test("gets a code, chooses a new one, and signs in with it alone", async () => {
    const page = await window();
    const login = await loginOf("acme");
    await askForRecovery(page, login, forgetful.email);
    const mail = await delivered(forgetful.email);
    expect(mail).toMatchObject({ from: "no-reply@acme.localhost", account: accounts.acme.user });
    await enterCode(page, codeIn(mail));
    expect(await title(page)).toBe("Change password");
    const chosen = newPassword();
    await page.fill("#password", chosen);
    await page.fill("#repeat", chosen);
    await page.click("#submit");
    expect(await title(page)).toBe("Password changed");
    await page.context().close();

    const later = await window();
    await signInAt(later, login, forgetful);
    expect(await later.textContent("#message")).toContain("credentials are invalid");
    await signInAt(later, login, { ...forgetful, password: chosen });
    expect(await title(later)).toBe("You are signed in");
    await later.context().close();
  });

  test("cannot tell from the page whether an address has an account", async () => {
    const page = await window();
    await askForRecovery(page, await loginOf("bigcorp"), forgetful.email); // acme's, unknown here
    expect(await page.textContent("#message")).toContain("If there is an account");
    await page.context().close();
  });
});

test("no mail of one tenant came from the other's address or account", () => {
  const mails = sink?.all() ?? [];
  expect(mails.length).toBeGreaterThanOrEqual(6);
  for (const { to, from, envelopeFrom, account } of mails) {
    const tenant = to.endsWith("@acme.example") ? "acme" : "bigcorp";
    const sender = `no-reply@${tenant}.localhost`;
    expect({ to, from, envelopeFrom, account }).toEqual({
      to,
      from: sender,
      envelopeFrom: sender,
      account: accounts[tenant].user,
    });
  }
});

test("no log tells the mail server's password, nor a code that was sent", async () => {
  const secrets = new Map(await secretsOf(fleet));
  expect(secrets.get("acme smtp-main")).toContain(accounts.acme.password);
  for (const tenant of tenantNames) secrets.set(`${tenant} mail password`, accounts[tenant].password);
  for (const [index, code] of codes.entries()) secrets.set(`code ${index}`, `"${code}"`);
  expect(toldInLogs(await logsOf(fleet), secrets)).toEqual([]);
});
