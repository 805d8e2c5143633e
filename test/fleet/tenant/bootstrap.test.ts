import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = readFileSync(
  join(import.meta.dirname, "../../../fleet/tenant/services/bootstrap.script.js"),
  "utf8",
);

interface Client {
  client_id: string;
  metadata?: Record<string, unknown>;
}

/** A Kratos and a Hydra that remember, with just the admin routes of the step. */
let server: Server;
let identities: { traits: { email: string } }[];
let clients: Map<string, Client>;
let writes: string[];
let refuse: { status: number; body: string } | undefined;

beforeEach(async () => {
  identities = [];
  clients = new Map();
  writes = [];
  refuse = undefined;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const url = new URL(request.url ?? "/", "http://x");
    const answer = (status: number, json?: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(json === undefined ? "" : JSON.stringify(json));
    };
    if (refuse) return response.writeHead(refuse.status).end(refuse.body);
    if (request.method !== "GET") writes.push(`${request.method} ${url.pathname}`);
    const id = /\/admin\/clients\/(.+)/.exec(url.pathname)?.[1];
    if (url.pathname === "/admin/identities" && request.method === "GET") {
      const email = url.searchParams.get("credentials_identifier");
      return answer(
        200,
        identities.filter(({ traits }) => traits.email === email),
      );
    }
    if (url.pathname === "/admin/identities") {
      identities.push(body);
      return answer(201, body);
    }
    if (id && request.method === "PUT" && !clients.has(id)) return answer(404, { error: "not found" });
    if (id && request.method === "DELETE") {
      clients.delete(id);
      return answer(204);
    }
    if (request.method === "GET") return answer(200, [...clients.values()]);
    clients.set(body.client_id, body);
    return answer(200, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function bootstrap(ids: readonly string[]) {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const wanted = {
    kratosAdmin: url,
    hydraAdmin: url,
    administrator: { email: "admin@acme.test", password: "first-password" },
    clients: ids.map((client_id) => ({ client_id })),
  };
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, BOOTSTRAP: JSON.stringify(wanted) },
  });
  return run.catch((failure: { code: number; stderr: string }) => failure);
}

test("makes the administrator with a verified address, and the clients", async () => {
  await bootstrap(["athena-client"]);
  expect(identities).toMatchObject([
    {
      schema_id: "admin",
      traits: { email: "admin@acme.test", role: "admin" },
      verifiable_addresses: [{ value: "admin@acme.test", verified: true }],
      credentials: { password: { config: { password: "first-password" } } },
    },
  ]);
  expect([...clients.keys()]).toEqual(["athena-client"]);
});

test("a second run leaves the administrator to its owner", async () => {
  await bootstrap(["athena-client"]);
  writes = [];
  await bootstrap(["athena-client"]);
  expect(writes).toEqual(["PUT /admin/clients/athena-client"]);
});

test("removes a client that it made and that is no longer wanted, and no other", async () => {
  clients.set("by-hand", { client_id: "by-hand" });
  await bootstrap(["athena-client", "shop"]);
  await bootstrap(["athena-client"]);
  expect([...clients.keys()].sort()).toEqual(["athena-client", "by-hand"]);
});

test("a refusal is an exit code and one line that repeats Ory's reason, not the password", async () => {
  refuse = { status: 400, body: '{"error":{"reason":"the password is too short"}}' };
  const failure = await bootstrap(["athena-client"]);
  expect(failure).toMatchObject({ code: 1 });
  expect(failure.stderr).toContain(
    'GET /admin/identities: 400 {"error":{"reason":"the password is too short"}}',
  );
  expect(failure.stderr).not.toContain("first-password");
});
