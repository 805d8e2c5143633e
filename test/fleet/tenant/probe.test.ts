import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { probe, probeClient } from "../../../fleet/tenant/services/probe.ts";
import { ProbedStandIn } from "./probedStandIn.ts";

// Each starts a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const standIns: ProbedStandIn[] = [];
async function standIn(): Promise<ProbedStandIn> {
  const made = new ProbedStandIn();
  standIns.push(made);
  await made.start();
  return made;
}
afterAll(() => Promise.all(standIns.map((made) => made.stop())));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** As the gate runs it, with the environment of Athena. */
async function run(tenant: ProbedStandIn): Promise<Ran> {
  const [program = "", ...args] = probe.command;
  const ran = promisify(execFile)(program, args, {
    env: {
      PATH: process.env.PATH,
      HYDRA_PUBLIC_URL: tenant.url,
      HYDRA_ADMIN_URL: tenant.url,
      KRATOS_PUBLIC_URL: tenant.url,
      HERA_INTERNAL_URL: tenant.url,
      NEXT_PUBLIC_APP_URL: "https://acme-admin.test",
      OAUTH_CLIENT_ID: "athena-client",
    },
  });
  return ran.then(
    (printed) => ({ code: 0, ...printed }),
    (failure: Ran) => failure,
  );
}

test("a tenant that works: keys, a token, the sign-in page by way of Hydra, a sign-in at Kratos, and not a word", async () => {
  const tenant = await standIn();
  expect(await run(tenant)).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(tenant.asked).toEqual([
    "GET /.well-known/jwks.json",
    "GET /admin/clients",
    "POST /admin/clients",
    "POST /oauth2/token",
    "POST /admin/oauth2/introspect",
    "DELETE /admin/clients/probe%2F1",
    "GET /oauth2/auth",
    "GET /login",
    "GET /self-service/login/api",
  ]);
});

test("its client may take a token in its own name and nothing else, and goes with it", async () => {
  const tenant = await standIn();
  await run(tenant);
  expect(tenant.made).toEqual([probeClient]);
  expect(probeClient).toEqual({
    client_name: "Olympus Fleet probe",
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
    scope: "olympus-fleet-probe",
    token_endpoint_auth_method: "client_secret_basic",
    metadata: { "olympus-fleet": "probe" },
  });
  expect(tenant.clients.size).toBe(0);
});

describe.concurrent("clients of the probe's name", () => {
  const client = (
    tenant: ProbedStandIn,
    client_id: string,
    ageMinutes: number,
    metadata: object = probeClient.metadata,
  ) =>
    tenant.clients.set(client_id, {
      client_id,
      client_name: probeClient.client_name,
      created_at: new Date(Date.now() - ageMinutes * 60_000).toISOString(),
      metadata,
    });

  test("of a probe that was killed go; of one at work, and of other people, stay", async () => {
    const tenant = await standIn();
    client(tenant, "killed", 11);
    client(tenant, "at-work", 9);
    client(tenant, "theirs", 11, {});
    expect(await run(tenant)).toMatchObject({ code: 0 });
    expect([...tenant.clients.keys()]).toEqual(["at-work", "theirs"]);
  });
});

const serverError = { error: "server_error", error_description: "The server met\n an unexpected condition." };

describe.concurrent("says who is at fault, and how:", () => {
  test.each<[string, number, unknown, string]>([
    [
      "POST /oauth2/token",
      500,
      serverError,
      "hydra gives no token: POST /oauth2/token: 500 server_error: The server met an unexpected condition.",
    ],
    [
      "POST /admin/oauth2/introspect",
      200,
      { active: false },
      "hydra does not know its own token: it is not active",
    ],
    [
      "POST /admin/oauth2/introspect",
      200,
      { active: true, client_id: "another" },
      "hydra does not know its own token: it is not active",
    ],
    ["POST /admin/clients", 503, undefined, "hydra makes no client: POST /admin/clients: 503"],
    [
      "DELETE /admin/clients/probe%2F1",
      500,
      serverError,
      "hydra does not remove a client: DELETE /admin/clients/probe%2F1: 500 server_error: The server met an unexpected condition.",
    ],
    ["GET /oauth2/auth", 500, "<html>", "hydra begins no sign-in: GET /oauth2/auth: 500"],
    ["GET /login", 503, "<form>", "hera shows no sign-in page: GET /login: 503"],
    ["GET /login", 200, "<p>Expired</p>", "hera shows no sign-in page: GET /login: 200, without a form"],
    [
      "GET /self-service/login/api",
      500,
      { error: { message: "An internal server error occurred", reason: "no such table" } },
      "kratos begins no sign-in: GET /self-service/login/api: 500 An internal server error occurred: no such table",
    ],
    [
      "GET /self-service/login/api",
      200,
      "<html>",
      "kratos begins no sign-in: GET /self-service/login/api: its answer is no JSON",
    ],
    ["GET /self-service/login/api", 200, {}, "kratos begins no sign-in: its answer has no id"],
    [
      "GET /.well-known/jwks.json",
      500,
      { error: "error", error_description: "The error is unrecognizable" },
      "hydra serves no keys: GET /.well-known/jwks.json: 500 error: The error is unrecognizable",
    ],
    ["GET /.well-known/jwks.json", 200, { keys: [] }, "hydra serves no keys: its list is empty"],
  ])("%s answers %i", async (called, status, body, fault) => {
    const tenant = await standIn();
    const text = typeof body === "string" ? body : JSON.stringify(body);
    tenant.instead.set(called, { status, ...(text !== undefined && { text }) });
    expect(await run(tenant)).toMatchObject({ code: 1, stdout: `fault: ${fault}\n`, stderr: "" });
    if (!called.startsWith("DELETE")) expect(tenant.clients.size).toBe(0);
  });

  test("Hydra leads a sign-in to its error page", async () => {
    const tenant = await standIn();
    tenant.loginPage = "https://acme.test/error?error=invalid_client&error_description=Unknown+client.";
    expect((await run(tenant)).stdout).toBe(
      "fault: hydra begins no sign-in: invalid_client: Unknown client.\n",
    );
  });

  test("the first fault is told where the client cannot be removed either", async () => {
    const tenant = await standIn();
    tenant.instead.set("POST /oauth2/token", { status: 500 });
    tenant.instead.set("DELETE /admin/clients/probe%2F1", { status: 500 });
    expect((await run(tenant)).stdout).toBe("fault: hydra gives no token: POST /oauth2/token: 500\n");
  });

  test("nothing listens", async () => {
    const tenant = await standIn();
    await tenant.stop();
    expect((await run(tenant)).stdout).toBe(
      "fault: hydra serves no keys: GET /.well-known/jwks.json: no answer\n",
    );
  });
});

test("neither secret nor token is ever repeated", async () => {
  const tenant = await standIn();
  tenant.instead.set("POST /admin/oauth2/introspect", { status: 500, text: '{"error":{"message":"m"}}' });
  const { stdout, stderr } = await run(tenant);
  expect(stdout + stderr).not.toMatch(/known|given/);
});
