// Runs inside the tenant's network, in the Athena image (Node or Bun), as a one-off step.
// Reads what should be from BOOTSTRAP and makes it so; a second run changes nothing that people own.

/**
 * @typedef {{ client_id: string, metadata?: Record<string, unknown> }} Client
 * @typedef {{
 *   kratosAdmin: string,
 *   hydraAdmin: string,
 *   administrator: { email: string, password: string },
 *   clients: Client[],
 * }} Wanted
 */

/** @type {Wanted} */
const wanted = JSON.parse(process.env.BOOTSTRAP ?? "{}");
const managedBy = "olympus-fleet";

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 */
async function request(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: { accept: "application/json", "content-type": "application/json" },
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 404) {
    // Ory's answers name the field at fault; they repeat no secret.
    throw new Error(`${method} ${new URL(url).pathname}: ${response.status} ${text.slice(0, 500)}`);
  }
  return { found: response.ok, body: text === "" ? undefined : JSON.parse(text) };
}

/** Made once. Later the password and the role belong to the administrators: nothing is set back. */
async function ensureAdministrator() {
  const { email, password } = wanted.administrator;
  const identities = `${wanted.kratosAdmin}/admin/identities`;
  const existing = await request("GET", `${identities}?credentials_identifier=${encodeURIComponent(email)}`);
  if (existing.body.length > 0) return console.log(`administrator ${email}: exists`);
  await request("POST", identities, {
    schema_id: "admin",
    state: "active",
    traits: { email, role: "admin" },
    // Verified from the start: the address was given by the operator, and sign-in demands it.
    verifiable_addresses: [{ value: email, via: "email", verified: true, status: "completed" }],
    credentials: { password: { config: { password } } },
  });
  console.log(`administrator ${email}: made`);
}

/** @param {Client} client */
async function ensureClient(client) {
  const body = { ...client, metadata: { ...client.metadata, "managed-by": managedBy } };
  const one = `${wanted.hydraAdmin}/admin/clients/${encodeURIComponent(client.client_id)}`;
  const replaced = await request("PUT", one, body);
  if (!replaced.found) await request("POST", `${wanted.hydraAdmin}/admin/clients`, body);
  console.log(`client ${client.client_id}: ${replaced.found ? "up to date" : "made"}`);
}

/** Clients that an earlier run made and that the file no longer names; those of others stay. */
async function removeForgottenClients() {
  const names = new Set(wanted.clients.map((client) => client.client_id));
  const { body } = await request("GET", `${wanted.hydraAdmin}/admin/clients?page_size=500`);
  for (const client of body) {
    if (client.metadata?.["managed-by"] !== managedBy || names.has(client.client_id)) continue;
    await request("DELETE", `${wanted.hydraAdmin}/admin/clients/${encodeURIComponent(client.client_id)}`);
    console.log(`client ${client.client_id}: removed`);
  }
}

try {
  await ensureAdministrator();
  for (const client of wanted.clients) await ensureClient(client);
  await removeForgottenClients();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
