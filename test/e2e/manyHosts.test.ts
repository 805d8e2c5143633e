import { afterAll, beforeAll } from "vitest";
import { PublicFleet } from "../harness/publicFleet.ts";
import { goneHostCases } from "./manyHosts/goneHost.cases.ts";
import { peopleCases } from "./manyHosts/people.cases.ts";
import { wayInCases } from "./manyHosts/wayIn.cases.ts";

let started: PublicFleet | undefined;

beforeAll(async () => {
  started = await PublicFleet.start();
});
afterAll(() => started?.stop());

function stage(): PublicFleet {
  if (!started) throw new Error("the fleet is not up");
  return started;
}

wayInCases(stage);
peopleCases(stage);
// Last: what a host that is gone leaves behind is nobody else's beginning.
goneHostCases(stage);
