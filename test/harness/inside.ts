import { appendFile } from "node:fs/promises";
import { execa } from "execa";
import { internalUrls } from "../../fleet/tenant/context.ts";
import type { Login } from "./browser.ts";
import type { EngineClient } from "./engineClient.ts";
import type { TestFleet } from "./testFleet.ts";

/** Reads `{ method, url, body }` and prints `{ status, body }`. */
const requestScript = `
const { method, url, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
fetch(url, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) })
  .then(async (answer) => console.log(JSON.stringify({ status: answer.status, body: await answer.text() })));
`;

/** Calls a service from inside the tenant's network, where alone its admin port answers. */
export async function callInside(
  { dockerHost }: Pick<EngineClient, "dockerHost">,
  tenant: string,
  url: string,
  { method = "GET", body }: { readonly method?: string; readonly body?: unknown } = {},
): Promise<{ status: number; body: string }> {
  const { stdout } = await execa("docker", ["exec", "-i", `${tenant}-athena`, "node", "-e", requestScript], {
    env: { DOCKER_HOST: dockerHost },
    input: JSON.stringify({ method, url, body }),
  });
  return JSON.parse(stdout) as { status: number; body: string };
}

/** The body of an identity with a password, as Kratos's admin API takes it. */
export const identityOf = ({ email, password }: Login) => ({
  schema_id: "default",
  traits: { email },
  credentials: { password: { config: { password } } },
  verifiable_addresses: [{ value: email, via: "email", verified: true, status: "completed" }],
});

/** An account made by the tenant's administrators. Returns its id. */
export async function makePerson(
  engine: Pick<EngineClient, "dockerHost">,
  tenant: string,
  login: Login,
): Promise<string> {
  const { status, body } = await callInside(engine, tenant, `${internalUrls.kratosAdmin}/admin/identities`, {
    method: "POST",
    body: identityOf(login),
  });
  if (status !== 201) throw new Error(`${tenant}: Kratos did not make ${login.email}: ${status} ${body}`);
  return (JSON.parse(body) as { id: string }).id;
}

/**
 * Leads Kratos's questions for breached passwords to `address`, so that no test calls the Internet. The file is the
 * engine's own, since the container's root is read-only; it lasts until the container is replaced.
 */
export async function leadBreachListTo(fleet: TestFleet, tenant: string, address: string): Promise<void> {
  const hosts = await fleet.docker("inspect", "--format", "{{.HostsPath}}", `${tenant}-kratos`);
  await appendFile(hosts.trim(), `${address} api.pwnedpasswords.com\n`);
}
