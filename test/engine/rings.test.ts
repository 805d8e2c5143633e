import { afterAll, beforeAll, describe } from "vitest";
import { RingsFleet } from "../harness/ringsFleet.ts";
import { bakeCases } from "./rings/bake.cases.ts";
import { failureCases } from "./rings/failure.cases.ts";
import { nightCases } from "./rings/night.cases.ts";
import { rollbackCases } from "./rings/rollback.cases.ts";
import { visitorsCases } from "./rings/visitors.cases.ts";

let fleet: RingsFleet;

beforeAll(async () => {
  fleet = await RingsFleet.open();
});
afterAll(() => fleet?.destroy());

describe("rings:", () => {
  failureCases(() => fleet);
  bakeCases(() => fleet);
  visitorsCases(() => fleet);
  rollbackCases(() => fleet);
  nightCases(() => fleet);
});
