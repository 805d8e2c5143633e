import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { Acme } from "../../lab/acme/acme.ts";
import type { FleetOutputs, TenantOutputs } from "../../lab/stack/fleetStack.ts";
import { Application } from "./application.ts";
import { type Login, openBrowser, openWindow } from "./browser.ts";
import { makePerson } from "./inside.ts";
import { ManyHostsFleet } from "./manyHosts.ts";
import type { Client } from "./oauth.ts";
import { fleetFile } from "./testFleet.ts";
import { newPassword } from "./twoTenants.ts";
import { Visitor } from "./visitor.ts";

const stackDomain = "id.example.test";
export const customDomain = "login.bigcorp.test";

/** Attempts to sign in within ten seconds from one address, at all names of a tenant together. */
const attempts = 5;
const windowMilliseconds = 10_200;

/** One tenant with a domain of its own, on a host over SSH, with certificates from a real ACME server. */
export class CustomDomainStage {
  readonly fleet: ManyHostsFleet;
  readonly application: Application;
  readonly browser: Browser;
  readonly visitor: Visitor;
  readonly person: Login = { email: "bob@people.example", password: newPassword() };
  private outputs: FleetOutputs;
  private readonly signIns: number[] = [];

  private constructor(
    parts: Pick<CustomDomainStage, "fleet" | "application" | "browser" | "visitor">,
    outputs: FleetOutputs,
  ) {
    this.fleet = parts.fleet;
    this.application = parts.application;
    this.browser = parts.browser;
    this.visitor = parts.visitor;
    this.outputs = outputs;
  }

  /** Brings the tenant up with the custom domain, at which nobody is told to sign in yet. */
  static async start(): Promise<CustomDomainStage> {
    const application = await Application.start();
    const fleet = await ManyHostsFleet.prepare({
      tenants: tenantsWith(application, {}),
      hosts: [{ name: "eu-1" }],
      config: { domain: stackDomain },
    });
    try {
      const { address } = fleet.host("eu-1");
      const acme = await Acme.start(fleet.site, { answers: address });
      await fleet.configure({ tls: acme.tls });
      await fleet.up();
      const browser = await openBrowser(address);
      const visitor = Visitor.trusting(await acme.issuerRoot(), address);
      const parts = { fleet, application, browser, visitor };
      const stage = new CustomDomainStage(parts, await fleet.stack.outputs());
      await makePerson(fleet.engine("eu-1"), "bigcorp", stage.person);
      return stage;
    } catch (error) {
      await application.stop();
      await fleet.close();
      throw error;
    }
  }

  /** The operator writes `login:`, and brings it up. */
  async moveSignIn(): Promise<void> {
    await this.write({});
    await this.fleet.up();
    this.outputs = await this.fleet.stack.outputs();
  }

  /** Writes the file as it is once sign-in has moved, with more fields of the tenant. */
  write(fields: object): Promise<void> {
    return this.fleet.writeTenants(tenantsWith(this.application, { login: customDomain, ...fields }));
  }

  get tenant(): TenantOutputs {
    const { bigcorp } = this.outputs.fleet;
    if (!bigcorp) throw new Error("the stack's outputs lack the tenant");
    return bigcorp;
  }

  get records(): FleetOutputs["dnsRecords"] {
    return this.outputs.dnsRecords;
  }

  /** The tenant's own address, wherever its people are told to sign in. */
  readonly own = `https://bigcorp.${stackDomain}`;
  readonly custom = `https://${customDomain}`;

  get client(): Client {
    return { api: this.tenant.urls.api, id: "portal", application: this.application };
  }

  window(): Promise<Page> {
    return openWindow(this.browser);
  }

  /** Waits until one more sign-in is within the limit, which counts both names as one. */
  async turn(): Promise<void> {
    const earlier = this.signIns.at(-attempts);
    if (earlier !== undefined) await sleep(earlier + windowMilliseconds - Date.now());
    this.signIns.push(Date.now());
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.application.stop();
    await this.fleet.close();
  }
}

function tenantsWith({ redirectUri }: Application, fields: object): string {
  const bigcorp = {
    domains: [customDomain],
    // The lab's own network, in which the browser is.
    admin: { allow: ["10.77.0.0/16"] },
    clients: { portal: { redirectUris: [redirectUri] } },
    ...fields,
  };
  return fleetFile({ bigcorp });
}
