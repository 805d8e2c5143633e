import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { clock, deletionClock } from "../../program/clock.ts";

const mocks: pulumi.runtime.Mocks = { call: () => ({}), newResource: () => ({ id: undefined, state: {} }) };
/** Ten years on. */
const later = new Date(Date.now() + 10 * 365 * 86_400_000);

beforeEach(() => {
  vi.stubEnv("OLYMPUS_FLEET_NOW", later.toISOString());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("another time is one for rings, and no day on which data is deleted", async () => {
  await pulumi.runtime.setMocks(mocks, "olympus-fleet", "prod", false);
  expect(clock()).toEqual(later);
  expect(Math.abs(deletionClock(clock()).getTime() - Date.now())).toBeLessThan(60_000);
});

test("a preview says what a run would do then", async () => {
  await pulumi.runtime.setMocks(mocks, "olympus-fleet", "prod", true);
  expect(deletionClock(clock())).toEqual(later);
});
