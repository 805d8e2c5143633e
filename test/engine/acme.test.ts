import { afterAll, beforeAll } from "vitest";
import { AcmeStage } from "../harness/acmeStage.ts";
import { challengeCases } from "./acme/challenges.cases.ts";
import { firstVisitCases } from "./acme/firstVisit.cases.ts";
import { unknownNameCases } from "./acme/unknownNames.cases.ts";

/** Certificates from a real ACME server, with Caddy's files as the program renders and publishes them; no tenants. */

let started: AcmeStage | undefined;

beforeAll(async () => {
  started = await AcmeStage.start();
  await started.orderFrom();
});
afterAll(() => started?.close());

function stage(): AcmeStage {
  if (!started) throw new Error("the host is not up");
  return started;
}

firstVisitCases(stage);
unknownNameCases(stage);
challengeCases(stage);
