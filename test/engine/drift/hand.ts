import { expect } from "vitest";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { containersOf } from "../../harness/containers.ts";
import { found } from "../../harness/fleetCommand.ts";
import { changes, httpsPort, type TestFleet } from "../../harness/testFleet.ts";
import { Visitor } from "../../harness/visitor.ts";

/** What a look finds where nothing was touched. */
export const clean = { exitCode: 0, words: {} };

/** Somebody with a shell on the host, and somebody who looks afterwards. */
export class Hand {
  readonly fleet: TestFleet;

  constructor(fleet: TestFleet) {
    this.fleet = fleet;
  }

  docker(...args: string[]): Promise<string> {
    return this.fleet.docker(...args);
  }

  /** Standard output of a script in Caddy's container. */
  inCaddy(script: string): Promise<string> {
    return this.docker("exec", caddyContainer, "sh", "-c", script);
  }

  /** Status of a tenant's login page. */
  async login(tenant: string): Promise<number> {
    const visitor = await Visitor.of(this.fleet);
    return (await visitor.call(`https://${tenant}.localhost:${httpsPort}/login`)).status;
  }

  async networks(container: string): Promise<string[]> {
    const { NetworkSettings } = (await containersOf(this.fleet)).get(container) ?? {};
    return Object.keys(NetworkSettings?.Networks ?? {}).sort();
  }

  /** What `fleet drift` finds, in its own words. */
  async look() {
    const { exitCode, words } = await found(this.fleet);
    return { exitCode, words };
  }

  /** `up --refresh`, after which nothing is found, and nothing is left to do. */
  async mend() {
    const done = changes(await this.fleet.up("--refresh"));
    const { document, ...after } = await found(this.fleet);
    expect({ exitCode: after.exitCode, words: after.words, pending: document.pending }).toEqual({
      ...clean,
      pending: [],
    });
    return done;
  }
}
