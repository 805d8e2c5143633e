import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OryStandIn, type StandInIdentity } from "./oryStandIn.ts";

const script = readFileSync(
  join(import.meta.dirname, "../../../fleet/tenant/services/bootstrap.script.js"),
  "utf8",
);

// Each starts a process or two, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let ory: OryStandIn;
beforeEach(async () => {
  ory = new OryStandIn();
  await ory.start();
});
afterEach(() => ory.stop());

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Characters of a variable; Linux takes no more than 128 KiB. */
const most = 100_000;

async function bootstrap(ids: readonly string[], email = "admin@acme.test"): Promise<Ran> {
  const wanted = {
    kratosPublic: ory.url,
    kratosAdmin: ory.url,
    hydraAdmin: ory.url,
    administrator: { email, password: "first-password", sharedPassword: "shared-password" },
    clients: ids.map((client_id) => ({ client_id })),
  };
  const text = JSON.stringify(wanted);
  const [first, second, third] = [text.slice(0, most), text.slice(most, 2 * most), text.slice(2 * most)];
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env: {
      ...process.env,
      BOOTSTRAP: first,
      ...(second && { BOOTSTRAP_2: second }),
      ...(third && { BOOTSTRAP_3: third }),
    },
  });
  return run.then(
    (printed) => ({ code: 0, ...printed }),
    (failure: Ran) => failure,
  );
}

test("makes the administrator with a verified address, and the clients", async () => {
  await bootstrap(["athena-client"]);
  expect(ory.identities).toMatchObject([
    {
      schema_id: "admin",
      traits: { email: "admin@acme.test", role: "admin" },
      verifiable_addresses: [{ value: "admin@acme.test", verified: true }],
      credentials: { password: { config: { password: "first-password" } } },
    },
  ]);
  expect([...ory.clients.keys()]).toEqual(["athena-client"]);
});

test("reads what is too long for one variable from several", async () => {
  const ids = Array.from({ length: 25 }, (_, index) => `client-${index}-${"x".repeat(9_000)}`);
  await bootstrap(ids);
  expect([...ory.clients.keys()]).toEqual(ids);
});

test("a second run leaves the administrator to its owner", async () => {
  await bootstrap(["athena-client"]);
  ory.writes = [];
  expect((await bootstrap(["athena-client"])).stdout).toContain("administrator admin@acme.test: exists\n");
  expect(ory.writes).toEqual(["PUT /admin/clients/athena-client"]);
});

describe("an address that somebody has already", () => {
  const holder = (change: Partial<StandInIdentity>): StandInIdentity => ({
    id: "6f1c",
    schema_id: "admin",
    state: "active",
    created_at: "2026-11-05T10:00:00Z",
    traits: { email: "admin@acme.test", role: "admin" },
    credentials: { password: { config: { password: "their-own" } } },
    ...change,
  });
  const athena = {
    client_id: "athena-client",
    created_at: "2026-11-01T10:00:00Z",
    metadata: { "managed-by": "olympus-fleet" },
  };
  beforeEach(() => ory.clients.set("athena-client", athena));

  test.each<[string, Partial<StandInIdentity>, string]>([
    [
      "a customer",
      { schema_id: "default", traits: { email: "admin@acme.test" } },
      "schema default, no role, state active",
    ],
    ["an administrator whom others made", {}, "schema admin, role admin, state active"],
    [
      "one who is locked out",
      { state: "inactive", created_at: "2026-11-01T09:59:00Z" },
      "schema admin, role admin, state inactive",
    ],
    [
      "an administrator of ours who has taken the address over",
      { metadata_admin: { "managed-by": "olympus-fleet", "first-administrator": "alice@acme.test" } },
      "schema admin, role admin, state active",
    ],
  ])("%s: the step says who it is and what to write, and changes nothing", async (_, change, who) => {
    ory.identities = [holder(change)];
    const { code, stderr } = await bootstrap(["athena-client", "shop"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "administrator admin@acme.test: the address is that of another identity, which this program has not made: " +
        `identity 6f1c, ${who}. Write another address as admin.email, or have that identity's address changed ` +
        "or the identity deleted. Nothing was changed.\n",
    );
    expect(ory.writes).toEqual([]);
  });

  test("a conflict that Kratos alone sees, such as an address to recover, is told in words", async () => {
    ory.conflicts = true;
    const { code, stderr } = await bootstrap(["athena-client"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "administrator admin@acme.test: an identity of this tenant has the address already, to verify or to recover. " +
        "Write another address as admin.email, or have that identity's address changed. Nothing was changed.\n",
    );
  });

  describe("from a version that left no mark", () => {
    test("the first administrator, with a password of their own: it stays, and the mark is made", async () => {
      ory.identities = [holder({ created_at: "2026-11-01T09:59:59Z", metadata_admin: { note: "theirs" } })];
      const { code, stdout } = await bootstrap(["athena-client"]);
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("earlier version") });
      expect(ory.identities).toMatchObject([
        {
          id: "6f1c",
          traits: { email: "admin@acme.test", role: "admin" },
          metadata_admin: { note: "theirs", "first-administrator": "admin@acme.test" },
          credentials: { password: { config: { password: "their-own" } } },
        },
      ]);
    });

    test("one who still has the first password gets the one in the outputs, once", async () => {
      const credentials = { password: { config: { password: "shared-password" } } };
      ory.identities = [holder({ credentials })];
      await bootstrap(["athena-client"]);
      expect(ory.identities[0]?.credentials?.password.config.password).toBe("first-password");
      ory.writes = [];
      await bootstrap(["athena-client"]);
      expect(ory.writes).toEqual(["PUT /admin/clients/athena-client"]);
    });
  });
});

describe("a client that is no longer wanted", () => {
  test("is removed if the step made it, and no other is", async () => {
    ory.clients.set("by-hand", { client_id: "by-hand" });
    await bootstrap(["athena-client", "shop"]);
    await bootstrap(["athena-client"]);
    expect([...ory.clients.keys()].sort()).toEqual(["athena-client", "by-hand"]);
  });

  test.each([false, true])("is found behind 520 of others; endless pages: %s", async (hasEndlessPages) => {
    ory.hasEndlessPages = hasEndlessPages;
    for (let index = 0; index < 520; index++) ory.clients.set(`c${index}`, { client_id: `c${index}` });
    await bootstrap(["athena-client", "shop"]);
    await bootstrap(["athena-client"]);
    expect(ory.clients.has("shop")).toBe(false);
    expect(ory.clients.size).toBe(521);
  });
});

test("a refusal is an exit code and one line that repeats Ory's reason, not the password", async () => {
  ory.refuse = { status: 400, body: '{"error":{"reason":"the password is too short"}}' };
  const { code, stderr } = await bootstrap(["athena-client"]);
  expect(code).toBe(1);
  expect(stderr).toContain('GET /admin/clients: 400 {"error":{"reason":"the password is too short"}}');
  expect(stderr).not.toContain("first-password");
});
