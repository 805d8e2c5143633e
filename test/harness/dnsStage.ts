import { expect } from "vitest";
import type { Call } from "../../lab/cloudflare/server.ts";
import { LabCloudflare } from "../../lab/cloudflare/server.ts";
import { LabZone } from "../../lab/cloudflare/zone.ts";
import type { RunResult } from "../../lab/stack/fleetStack.ts";
import { fleetFile, TestFleet } from "./testFleet.ts";

/** Well-formed, so that nothing but the server's own list decides. */
export const tokens = {
  editor: "editor-of-the-zone-kQ9vT2xLw8Zr4Nc7Yp1Hs",
  reader: "reader-of-the-zone-kQ9vT2xLw8Zr4Nc7Yp1Hs",
  unknown: "nobody-has-this-one-Q9vT2xLw8Zr4Nc7Yp1Hs",
} as const;

/** The record of the first address. */
export const wildcard = { name: "*.id.example.com", type: "A", content: "203.0.113.10", ttl: 300 };

/** A run that must fail; what a person reads of it. */
export async function refused(run: Promise<RunResult>): Promise<string> {
  const { exitCode, output } = await run;
  expect(exitCode, output).not.toBe(0);
  return output;
}

/** A fleet whose names lie in a zone of the lab's Cloudflare. */
export class DnsStage {
  readonly api: LabCloudflare;
  readonly zone: LabZone;
  readonly fleet: TestFleet;

  private constructor(api: LabCloudflare, zone: LabZone, fleet: TestFleet) {
    this.api = api;
    this.zone = zone;
    this.fleet = fleet;
  }

  static async set(publicAddress: readonly string[]): Promise<DnsStage> {
    const zone = new LabZone("example.com");
    const api = await LabCloudflare.start([zone], {
      [tokens.editor]: { zones: [zone.id], mayEdit: true },
      [tokens.reader]: { zones: [zone.id], mayEdit: false },
    });
    // What the official plugin reads as well, so the program needs no setting for tests.
    process.env.CLOUDFLARE_BASE_URL = api.url;
    const fleet = await TestFleet.prepare(fleetFile({}), { publicAddress });
    const stage = new DnsStage(api, zone, fleet);
    await stage.configure({});
    await stage.useToken(tokens.editor);
    return stage;
  }

  configure(dns: object): Promise<void> {
    const usual = { provider: "cloudflare", mode: "wildcard", zone: "example.com", zoneId: this.zone.id };
    return this.fleet.configure({ domain: "id.example.com", dns: { ...usual, ...dns } });
  }

  useToken(token: string): Promise<void> {
    return this.fleet.stack.setSecret("cloudflareApiToken", token);
  }

  /** The zone as `name type content`. */
  get records(): string[] {
    return this.zone.records.map(({ name, type, content }) => `${name} ${type} ${content}`);
  }

  /** What was asked of the API while `work` ran. */
  async calls(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.api.calls.length;
    await work();
    return this.api.calls.slice(before).map(({ method, status }: Call) => `${method} ${status}`);
  }

  async clear(): Promise<void> {
    try {
      await this.fleet.destroy();
    } finally {
      delete process.env.CLOUDFLARE_BASE_URL;
      await this.api.close();
    }
  }
}
