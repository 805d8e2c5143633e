import { describe, expect, test } from "vitest";
import { probeClient } from "../../../fleet/tenant/services/probe.ts";
import { httpsPort, type TestFleet } from "../../harness/testFleet.ts";
import { bigcorp } from "./bigcorp.ts";
import { passGate } from "./passGate.ts";

/** What a client like the probe's is told when it wants more than a token in its own name. Reads the client's body. */
const everythingElse = `
const { HYDRA_ADMIN_URL: admin, HYDRA_PUBLIC_URL: open } = process.env;
const json = { "content-type": "application/json" };
const made = await fetch(admin + "/admin/clients", { method: "POST", headers: json, body: process.argv[1] });
const { client_id, client_secret, ...client } = await made.json();
const authorization = "Basic " + btoa(client_id + ":" + client_secret);
const token = async (form) => {
  const answer = await fetch(open + "/oauth2/token", { method: "POST", headers: { authorization }, body: new URLSearchParams(form) });
  const { error, access_token, refresh_token, scope } = await answer.json();
  return { status: answer.status, error, access_token, refresh_token, scope };
};
const page = async (more) => {
  const query = new URLSearchParams({ client_id, response_type: "code", state: "0123456789abcdef", ...more });
  const answer = await fetch(open + "/oauth2/auth?" + query, { redirect: "manual" });
  const to = new URL(answer.headers.get("location") ?? "http://nowhere/");
  return [to.host, to.searchParams.get("error"), to.searchParams.has("login_challenge")];
};
const own = await token({ grant_type: "client_credentials" });
const answers = {
  own: { ...own, access_token: typeof own.access_token },
  scope: await token({ grant_type: "client_credentials", scope: "openid offline_access" }),
  code: await token({ grant_type: "authorization_code", code: "x", redirect_uri: "https://a.example/" }),
  refresh: await token({ grant_type: "refresh_token", refresh_token: "x" }),
  page: await page({}),
  elsewhere: await page({ redirect_uri: "https://a.example/" }),
};
await fetch(admin + "/admin/clients/" + client_id, { method: "DELETE" });
const known = await fetch(admin + "/admin/oauth2/introspect", { method: "POST", body: new URLSearchParams({ token: own.access_token }) });
console.log(JSON.stringify({ ...answers, afterwards: await known.json() }));
`;

/** @param fleet with acme and bigcorp, healthy */
export function probeCases(fleet: () => TestFleet): void {
  const { of, sql, lastGate, probesLeft } = bigcorp(fleet);

  describe("the probe's client", () => {
    test("clients of probes that were killed go with the next", async () => {
      await fleet().docker(
        ...["exec", of("athena"), "node", "--input-type=module", "-e"],
        'await fetch(process.argv[2], { method: "POST", body: process.argv[1], headers: { "content-type": "application/json" } })',
        ...[JSON.stringify(probeClient), "http://hydra:5003/admin/clients"],
      );
      expect(await passGate(fleet(), lastGate())).toMatchObject({ exitCode: 0 });
      expect((await probesLeft()).trim()).toBe("1"); // it may be at work
      await sql("hydra", "UPDATE hydra_client SET created_at = created_at - interval '11 minutes'");
      expect(await passGate(fleet(), lastGate())).toMatchObject({ exitCode: 0 });
      expect((await probesLeft()).trim()).toBe("0");
    });

    test("the probe's client may take a token in its own name, which ends with it, and nothing else", async () => {
      const answers = await fleet().docker(
        ...["exec", of("athena"), "node", "--input-type=module", "-e", everythingElse],
        JSON.stringify(probeClient),
      );
      const { page, elsewhere, ...tokens } = JSON.parse(answers);
      expect(tokens).toEqual({
        own: { status: 200, access_token: "string", scope: "" },
        scope: { status: 400, error: "invalid_scope" },
        code: { status: 400, error: "unauthorized_client" },
        refresh: { status: 400, error: "unauthorized_client" },
        afterwards: { active: false },
      });
      for (const [to, error, isLedToSignIn] of [page, elsewhere]) {
        expect(to).toBe(`bigcorp.localhost:${httpsPort}`);
        expect(error).toMatch(/^(invalid_request|unauthorized_client)$/);
        expect(isLedToSignIn).toBe(false);
      }
    });
  });
}
