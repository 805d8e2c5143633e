import { afterAll, beforeAll } from "vitest";
import { DnsStage } from "../harness/dnsStage.ts";
import { recordCases } from "./dns/records.cases.ts";
import { refusalCases } from "./dns/refusals.cases.ts";
import { wildcardCases } from "./dns/wildcard.cases.ts";

/** The real program and engine against a server that speaks Cloudflare's API; one fleet, from case to case. */
let stage: DnsStage;
beforeAll(async () => {
  stage = await DnsStage.set(["203.0.113.10"]);
});
afterAll(() => stage?.clear());

refusalCases(() => stage);
wildcardCases(() => stage);
recordCases(() => stage);
