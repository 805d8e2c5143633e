import { afterAll, beforeAll, expect, test } from "vitest";
import { changes, fleetFile, TestFleet } from "../harness/testFleet.ts";

let fleet: TestFleet;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme: {}, bigcorp: {} }));
});
afterAll(() => fleet?.destroy());

test("the first up brings both tenants to health", async () => {
  const { created } = changes(await fleet.up());
  expect(created).toContain("acme-vhost");
  expect(created).toContain("bigcorp-vhost");
});

test("a second up changes nothing", async () => {
  const { output } = await fleet.up("--expect-no-changes");
  expect(output).toMatch(/Resources:\s+52 unchanged/);
});
