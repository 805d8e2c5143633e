import { afterAll, beforeAll } from "vitest";
import { TwoTenants } from "../harness/twoTenants.ts";
import { administratorCases } from "./people/administrator.cases.ts";
import { isolationCases } from "./people/isolation.cases.ts";
import { keysCases } from "./people/keys.cases.ts";
import { logCases } from "./people/log.cases.ts";
import { oauthCases } from "./people/oauth.cases.ts";
import { signInCases } from "./people/signIn.cases.ts";

let started: TwoTenants | undefined;

beforeAll(async () => {
  started = await TwoTenants.start({ bigcorp: { admin: { allow: [] } } });
});
afterAll(() => started?.stop());

function stage(): TwoTenants {
  if (!started) throw new Error("the fleet is not up");
  return started;
}

signInCases(stage);
oauthCases(stage);
isolationCases(stage);
administratorCases(stage);
// By now the logs tell of everything that people and attackers have done.
logCases(stage);
// Last: acme gets other containers.
keysCases(stage);
