import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { Passing } from "../../components/ring/ring.ts";
import { tenant } from "../fixtures.ts";
import { startMocks } from "./mocks.ts";

const now = new Date("2026-11-28T12:00:00Z");
const { wanted } = tenant("acme");
const next = { ...wanted, name: "2026.12" };
const known = { id: "0123456789ab", release: "2026.11", at: new Date("2026-11-01T12:00:00Z") };

class Site extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Site", name, {});
  }
}

/** What an output comes to. */
const settledValue = <Value>(output: pulumi.Output<Value>) =>
  new Promise<Value>((resolve) => output.apply((value) => resolve(value)));

let there: Site;
let leftAlone: Site;

beforeAll(async () => {
  // As Pulumi answers under --continue-on-error: what has failed, or waits for it, has no id.
  await startMocks((name) => name === "left-alone");
  there = new Site("there");
  leftAlone = new Site("left-alone");
});

describe("a ring's memory", () => {
  const verified = async (...once: Passing[]) => {
    const { verifiedAfter } = await import("../../components/ring/ring.ts");
    const passing = [{ id: "ba9876543210", release: "2026.12", once }];
    const all = await settledValue(verifiedAfter({ verified: [known], passing, clock: () => now }));
    return all.map(({ release, at }) => [release, at]);
  };
  const before = ["2026.11", "2026-11-01T12:00:00.000Z"];

  test("has the release once its tenants have come through", async () => {
    expect(await verified({ site: there, isAsPlanned: pulumi.output(true) })).toEqual([
      before,
      ["2026.12", "2026-11-28T12:00:00.000Z"],
    ]);
  });

  test("stays as it was where one has failed and Pulumi goes on", async () => {
    expect(await verified({ site: leftAlone, isAsPlanned: pulumi.output(true) })).toEqual([before]);
  });

  test("stays as it was where one's site was there, and its command has failed now: Pulumi goes on with its id", async () => {
    const site = { id: there.id, stdout: leftAlone.id };
    expect(await verified({ site, isAsPlanned: pulumi.output(true) })).toEqual([before]);
  });

  test("stays as it was where one was to be left alone, and runs other images", async () => {
    expect(await verified({ site: there, isAsPlanned: pulumi.output(false) })).toEqual([before]);
  });

  test("stays as it was where one is not touched", async () => {
    expect(await verified({ site: undefined, isAsPlanned: pulumi.output(true) })).toEqual([before]);
  });
});

describe("a tenant's memory", () => {
  const given = async (...after: Site[]) => {
    const { remembered } = await import("../../components/docker/tenant/tenantStack.ts");
    return settledValue(remembered({ release: next, since: now, before: { release: wanted } }, after));
  };

  test("has the release when its turn has come", async () => {
    const found = await given(there);
    expect(found).toMatchObject({
      release: { name: "2026.12" },
      since: "2026-11-28T12:00:00.000Z",
      before: { release: { name: wanted.name } },
    });
  });

  test("goes on with what it had where its turn does not come, and Pulumi goes on", async () => {
    const found = await given(there, leftAlone);
    expect(found).toMatchObject({ release: { name: wanted.name } });
    expect(found).not.toHaveProperty("before");
  });
});
