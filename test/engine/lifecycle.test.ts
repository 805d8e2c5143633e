import { afterAll, beforeAll } from "vitest";
import { fleetFile, TestFleet } from "../harness/testFleet.ts";
import { bootstrapCases } from "./lifecycle/bootstrap.cases.ts";
import { editCases } from "./lifecycle/edits.cases.ts";
import { protectionCases } from "./lifecycle/protection.cases.ts";
import { quietCases } from "./lifecycle/quiet.cases.ts";
import { ruleCases } from "./lifecycle/rules.cases.ts";
import { acme } from "./lifecycle/tenants.ts";

let fleet: TestFleet;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme, bigcorp: {} }));
});
afterAll(() => fleet?.destroy());

quietCases(() => fleet);
editCases(() => fleet, "in place");
bootstrapCases(() => fleet);
ruleCases(() => fleet);
protectionCases(() => fleet);
