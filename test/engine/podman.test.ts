import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lives } from "../harness/containers.ts";
import { PodmanFleet } from "../harness/podmanFleet.ts";
import { fleetFile } from "../harness/testFleet.ts";
import { editCases } from "./lifecycle/edits.cases.ts";
import { quietCases } from "./lifecycle/quiet.cases.ts";
import { acme } from "./lifecycle/tenants.ts";
import { apartCases } from "./podman/apart.cases.ts";
import { closedCases } from "./podman/closed.cases.ts";
import { confinedCases } from "./podman/confined.cases.ts";
import { rebootCases } from "./podman/reboot.cases.ts";

let fleet: PodmanFleet;

beforeAll(async () => {
  fleet = await PodmanFleet.prepare(fleetFile({ acme, bigcorp: {} }));
});
afterAll(() => fleet?.close());

describe("a rootful Podman host over SSH:", () => {
  quietCases(() => fleet);
  describe("containers", () => confinedCases(() => fleet));
  apartCases(() => fleet);
  editCases(() => fleet, "by a new container");
  rebootCases(() => fleet);
  closedCases(() => fleet);
});

test("taken for Docker, nothing of it is touched, and the line to write is told", async () => {
  const before = await lives(fleet);
  await fleet.configureHost({ engine: "docker" });
  const { exitCode, output } = await fleet.stack.up();
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(
    /its engine is Podman 4\.\S+, and olympus:hosts\.local has docker\. Write engine: podman/,
  );
  expect(await lives(fleet)).toEqual(before);
});
