import { afterAll, beforeAll } from "vitest";
import { TwoTenants } from "../harness/twoTenants.ts";
import { adminPortCases } from "./edge/adminPorts.cases.ts";
import { caddyCases } from "./edge/caddy.cases.ts";
import { networkCases } from "./edge/network.cases.ts";

let started: TwoTenants | undefined;

beforeAll(async () => {
  started = await TwoTenants.start();
});
afterAll(() => started?.stop());

function stage(): TwoTenants {
  if (!started) throw new Error("the fleet is not up");
  return started;
}

networkCases(stage);
adminPortCases(stage);
caddyCases(stage);
