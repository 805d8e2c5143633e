import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { internalUrls } from "../../../fleet/tenant/context.ts";
import { callInside, makePerson } from "../../harness/inside.ts";
import type { OneHost } from "../../harness/oneHost.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { acme } from "./tenants.ts";

interface Identity {
  readonly id: string;
  readonly schema_id: string;
  readonly traits: Readonly<Record<string, string>>;
  readonly metadata_admin?: Readonly<Record<string, string>>;
}

/** Posts the same body under many ids. A process per client would take minutes. */
const manyClients = `
const [count, url] = process.argv.slice(1);
for (let index = 0; index < Number(count); index++) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: "by-hand-" + index, token_endpoint_auth_method: "none" }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}
`;

/** @param stage with acme, whose client is `portal`, and bigcorp, healthy */
export function bootstrapCases(stage: () => OneHost): void {
  describe("what others have made in a tenant's Kratos and Hydra", () => {
    const identities = `${internalUrls.kratosAdmin}/admin/identities`;
    const first = "admin@acme.localhost";
    const customer = { email: "ada@people.example", password: "5eldom-Repeated-Passw0rd" };
    const successor = "bob@people.example";
    const own = "0wn-Passw0rd-of-theirs";

    const call = async (url: string, method = "GET", body?: unknown) => {
      const answer = await callInside(stage(), "acme", url, { method, ...(body !== undefined && { body }) });
      return { status: answer.status, body: answer.body === "" ? undefined : JSON.parse(answer.body) };
    };
    const identityOf = async (email: string): Promise<Identity> => {
      const { body } = await call(`${identities}?credentials_identifier=${encodeURIComponent(email)}`);
      return body[0];
    };
    const signsIn = async (identifier: string, password: string) => {
      const flow = await call(`${internalUrls.kratosPublic}/self-service/login/api`);
      const submit = `${internalUrls.kratosPublic}/self-service/login?flow=${flow.body.id}`;
      return (await call(submit, "POST", { method: "password", identifier, password })).status === 200;
    };
    /** As a version before the mark would have left an administrator. */
    const administrator = (email: string, password: string) => ({
      schema_id: "admin",
      state: "active",
      traits: { email, role: "admin" },
      verifiable_addresses: [{ value: email, via: "email", verified: true, status: "completed" }],
      credentials: { password: { config: { password } } },
    });
    const write = (change: object) =>
      stage().writeTenants(
        fleetFile({ acme: { ...acme, ...change }, bigcorp: { size: { hera: "400MiB" } } }),
      );

    beforeAll(async () => {
      const before = await identityOf(first);
      const left = { ...administrator(first, own), metadata_admin: null };
      expect((await call(`${identities}/${before.id}`, "PUT", left)).status).toBe(200);
      await execa(
        "docker",
        [
          ...["exec", "acme-athena", "node", "--input-type=module", "-e", manyClients],
          ...["520", `${internalUrls.hydraAdmin}/admin/clients`],
        ],
        { env: { DOCKER_HOST: stage().dockerHost } },
      );
      await write({ clients: {} });
      await stage().up();
    });

    // The next `up` brings back what other cases start from.
    afterAll(() => write({}));

    test("520 clients of theirs stay, and ours behind them goes when it is no longer wanted", async () => {
      expect((await call(`${internalUrls.hydraAdmin}/admin/clients/portal`)).status).toBe(404);
      expect((await call(`${internalUrls.hydraAdmin}/admin/clients/by-hand-519`)).status).toBe(200);
    });

    test("the first administrator, made by an earlier version, keeps their own password and is marked", async () => {
      expect((await identityOf(first)).metadata_admin).toEqual({
        "managed-by": "olympus-fleet",
        "first-administrator": first,
      });
      expect(await signsIn(first, own)).toBe(true);
    });

    test("a customer's address for the administrator: refused with who it is, and the customer stays one", async () => {
      const id = await makePerson(stage(), "acme", customer);
      await write({ clients: {}, admin: { email: customer.email } });
      const { exitCode, output } = await stage().stack.up();
      expect(exitCode).not.toBe(0);
      expect(output).toContain(
        `administrator ${customer.email}: the address is that of another identity, which this program has not made: ` +
          `identity ${id}, schema default, no role, state active. Write another address as admin.email,`,
      );
      expect(await identityOf(customer.email)).toMatchObject({ id, schema_id: "default" });
      expect(await signsIn(customer.email, customer.password)).toBe(true);
    });

    test("a successor whom an earlier version gave the predecessor's password gets the one in the outputs", async () => {
      const env = await stage().docker("inspect", "--format", "{{json .Config.Env}}", "acme-bootstrap");
      const lines: string[] = JSON.parse(env);
      const given = /"sharedPassword":"([^"]+)"/.exec(lines.join("\n"))?.[1] ?? "";
      expect((await call(identities, "POST", administrator(successor, given))).status).toBe(201);
      expect(await signsIn(successor, given)).toBe(true);

      await write({ clients: {}, admin: { email: "Bob@People.example" } });
      await stage().up();
      const { initialPassword } = (await stage().stack.outputs()).fleet.acme?.administrator ?? {};
      expect(initialPassword).not.toBe(given);
      expect(await signsIn(successor, given)).toBe(false);
      expect(await signsIn(successor, initialPassword ?? "")).toBe(true);
    });
  });
}
