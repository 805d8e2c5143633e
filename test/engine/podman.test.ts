import { afterAll, beforeAll, describe } from "vitest";
import { PodmanFleet } from "../harness/podmanFleet.ts";
import { fleetFile } from "../harness/testFleet.ts";
import { editCases } from "./lifecycle/edits.cases.ts";
import { quietCases } from "./lifecycle/quiet.cases.ts";
import { acme } from "./lifecycle/tenants.ts";

let fleet: PodmanFleet;

beforeAll(async () => {
  fleet = await PodmanFleet.prepare(fleetFile({ acme, bigcorp: {} }));
});
afterAll(() => fleet?.close());

describe("a rootful Podman host over SSH:", () => {
  quietCases(() => fleet);
  editCases(() => fleet, "by a new container");
});
