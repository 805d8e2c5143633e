import { randomBytes } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import type { TenantOutputs } from "../../lab/stack/fleetStack.ts";
import { Application } from "./application.ts";
import { type Login, openBrowser, openWindow } from "./browser.ts";
import { makePerson } from "./inside.ts";
import type { Client } from "./oauth.ts";
import { fleetFile, TestFleet } from "./testFleet.ts";
import { Visitor } from "./visitor.ts";

export type TenantName = "acme" | "bigcorp";
export const tenantNames: readonly TenantName[] = ["acme", "bigcorp"];

/** A password that nobody has used before, in no list of breached ones. */
export const newPassword = () => randomBytes(18).toString("base64url");

/**
 * Two tenants that are as alike as can be: the same client ids with the same redirect URI, the same kind of
 * people. What tells them apart must be what the product makes different.
 */
export class TwoTenants {
  readonly fleet: TestFleet;
  readonly application: Application;
  readonly browser: Browser;
  readonly visitor: Visitor;
  readonly outputs: Readonly<Record<TenantName, TenantOutputs>>;
  /** An ordinary account of each tenant. */
  readonly people: Readonly<Record<TenantName, Login>>;
  private readonly tenants: Readonly<Record<string, object>>;

  private constructor(
    parts: Pick<TwoTenants, "fleet" | "application" | "browser" | "visitor" | "outputs">,
    tenants: Readonly<Record<string, object>>,
  ) {
    this.tenants = tenants;
    this.fleet = parts.fleet;
    this.application = parts.application;
    this.browser = parts.browser;
    this.visitor = parts.visitor;
    this.outputs = parts.outputs;
    this.people = {
      acme: { email: "ada@people.example", password: newPassword() },
      bigcorp: { email: "bob@people.example", password: newPassword() },
    };
  }

  /** @param settings fields of a tenant, laid over what both have */
  static async start(settings: Partial<Record<TenantName, object>> = {}): Promise<TwoTenants> {
    const application = await Application.start();
    const redirectUris = [application.redirectUri];
    const both = {
      admin: { allow: ["127.0.0.1/32", "::1/128"] },
      clients: { portal: { redirectUris }, backend: { kind: "confidential", redirectUris } },
    };
    const tenants = Object.fromEntries(tenantNames.map((name) => [name, { ...both, ...settings[name] }]));
    const fleet = await TestFleet.prepare(fleetFile(tenants));
    try {
      await fleet.up();
      const { acme, bigcorp } = (await fleet.stack.outputs()).fleet;
      if (!acme || !bigcorp) throw new Error("the stack's outputs lack a tenant");
      const browser = await openBrowser();
      const visitor = await Visitor.of(fleet);
      const stage = new TwoTenants(
        { fleet, application, browser, visitor, outputs: { acme, bigcorp } },
        tenants,
      );
      await Promise.all(tenantNames.map((name) => makePerson(fleet, name, stage.people[name])));
      return stage;
    } catch (error) {
      await application.stop();
      await fleet.destroy();
      throw error;
    }
  }

  /** Writes the fleet file once more, with fields of one tenant laid over what it was made with. */
  edit(name: TenantName, change: object): Promise<void> {
    return this.fleet.writeTenants(
      fleetFile({ ...this.tenants, [name]: { ...this.tenants[name], ...change } }),
    );
  }

  window(): Promise<Page> {
    return openWindow(this.browser);
  }

  urls(name: TenantName): TenantOutputs["urls"] {
    return this.outputs[name].urls;
  }

  /** A client that has no secret and uses PKCE. */
  portal(name: TenantName): Client {
    return { api: this.urls(name).api, id: "portal", application: this.application };
  }

  /** A client on a server, with the secret from the stack's outputs. */
  backend(name: TenantName): Client & { readonly secret: string } {
    const secret = this.outputs[name].clientSecrets.backend;
    if (!secret) throw new Error(`${name}: the outputs have no secret for the client "backend"`);
    return { ...this.portal(name), id: "backend", secret };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.application.stop();
    await this.fleet.destroy();
  }
}
