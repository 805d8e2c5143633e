import { afterAll, beforeAll } from "vitest";
import { CustomDomainStage } from "../harness/customDomain.ts";
import { besideCases } from "./domains/beside.cases.ts";
import { movedCases } from "./domains/moved.cases.ts";
import { statesCases } from "./domains/states.cases.ts";

let started: CustomDomainStage | undefined;

beforeAll(async () => {
  started = await CustomDomainStage.start();
});
afterAll(() => started?.stop());

function stage(): CustomDomainStage {
  if (!started) throw new Error("the tenant is not up");
  return started;
}

besideCases(stage);
// From here on people are sent to the custom domain.
movedCases(stage);
statesCases(stage);
