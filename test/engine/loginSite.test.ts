import { afterAll, beforeAll } from "vitest";
import { LoginSite } from "../harness/loginSite.ts";
import { limitCases } from "./loginSite/limits.cases.ts";
import { pageCases } from "./loginSite/pages.cases.ts";
import { slowCases } from "./loginSite/slow.cases.ts";

/** A tenant's sites with the real Caddy, for visitors from anywhere; there is no tenant behind them. */

let started: LoginSite | undefined;

beforeAll(async () => {
  started = await LoginSite.start();
});
afterAll(() => started?.stop());

function stage(): LoginSite {
  if (started === undefined) throw new Error("there is no site");
  return started;
}

limitCases(stage);
pageCases(stage);
slowCases(stage);
