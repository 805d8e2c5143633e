// Runs inside the tenant's network, in the Athena image (Node or Bun), as a one-off step.
// Reads what should be from BOOTSTRAP (and BOOTSTRAP_2, ...) and makes it so; a second run changes nothing that people own.

/**
 * @typedef {{ client_id: string, created_at?: string, metadata?: Record<string, unknown> }} Client
 * @typedef {{
 *   id: string,
 *   schema_id: string,
 *   state: string,
 *   created_at: string,
 *   traits: { role?: unknown },
 *   metadata_public?: unknown,
 *   metadata_admin?: Record<string, unknown> | null,
 * }} Identity
 * @typedef {{
 *   kratosPublic: string,
 *   kratosAdmin: string,
 *   hydraAdmin: string,
 *   administrator: { email: string, password: string, sharedPassword: string },
 *   clients: Client[],
 * }} Wanted
 */

/** One variable holds at most 128 KiB, so what is longer comes in several. */
function joined() {
  let text = process.env.BOOTSTRAP ?? "{}";
  for (let part = 2; process.env[`BOOTSTRAP_${part}`] !== undefined; part++) {
    text += process.env[`BOOTSTRAP_${part}`];
  }
  return text;
}

/** @type {Wanted} */
const wanted = JSON.parse(joined());
const managedBy = { "managed-by": "olympus-fleet" };

/** @param {Record<string, unknown> | null} [metadata] */
const isManaged = (metadata) => metadata?.["managed-by"] === managedBy["managed-by"];

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 */
async function send(method, url, body) {
  return fetch(url, {
    method,
    headers: { accept: "application/json", "content-type": "application/json" },
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 */
async function request(method, url, body) {
  const response = await send(method, url, body);
  const text = await response.text();
  if (!response.ok && response.status !== 404) {
    // Ory's answers name the field at fault; they repeat no secret.
    throw new Error(`${method} ${new URL(url).pathname}: ${response.status} ${text.slice(0, 500)}`);
  }
  return {
    found: response.ok,
    body: text === "" ? undefined : JSON.parse(text),
    link: response.headers.get("link") ?? "",
  };
}

/** All of Hydra's clients. It hands them out in pages, of a size that differs between its versions. */
async function allClients() {
  /** @type {Client[]} */
  const clients = [];
  const asked = new Set();
  /** @type {string | undefined} */
  let page = "/admin/clients?page_size=500";
  // Some versions name a next page behind the last one, for ever (ory/hydra#3674).
  while (page !== undefined && !asked.has(page)) {
    asked.add(page);
    const { body, link } = await request("GET", new URL(page, wanted.hydraAdmin).href);
    if (body.length === 0) break;
    clients.push(...body);
    page = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  }
  return clients;
}

const identities = `${wanted.kratosAdmin}/admin/identities`;

/** What marks the identity that this step has made for the address, and no other that comes to bear the address. */
const administratorMark = (/** @type {string} */ email) => ({
  ...managedBy,
  "first-administrator": email.toLowerCase(),
});

/**
 * Made once. Later the password and the role belong to the administrators: nothing is set back. Anybody else who has the
 * address is left alone: the password in the stack's outputs would not be theirs.
 *
 * @param {Client[]} clients of Hydra, before this run has changed them
 */
async function ensureAdministrator(clients) {
  const { email, password } = wanted.administrator;
  const { body } = await request("GET", `${identities}?credentials_identifier=${encodeURIComponent(email)}`);
  /** @type {Identity | undefined} */
  const holder = body[0];
  if (holder === undefined) {
    await makeAdministrator(email, password);
    return console.log(`administrator ${email}: made`);
  }
  const { metadata_admin } = holder;
  const mark = administratorMark(email);
  if (isManaged(metadata_admin) && metadata_admin?.["first-administrator"] === mark["first-administrator"]) {
    return console.log(`administrator ${email}: exists`);
  }
  if (isManaged(metadata_admin) || !(await adopt(holder, clients))) throw new Error(refusal(email, holder));
  console.log(`administrator ${email}: exists, made by an earlier version`);
}

/**
 * @param {string} email
 * @param {string} password
 */
async function makeAdministrator(email, password) {
  const response = await send("POST", identities, {
    schema_id: "admin",
    state: "active",
    traits: { email, role: "admin" },
    metadata_admin: administratorMark(email),
    // Verified from the start: the address was given by the operator, and sign-in demands it.
    verifiable_addresses: [{ value: email, via: "email", verified: true, status: "completed" }],
    credentials: { password: { config: { password } } },
  });
  if (response.ok) return;
  const text = await response.text();
  if (response.status === 409) {
    throw new Error(
      `administrator ${email}: an identity of this tenant has the address already, to verify or to recover. ` +
        "Write another address as admin.email, or have that identity's address changed. Nothing was changed.",
    );
  }
  throw new Error(`POST /admin/identities: ${response.status} ${text.slice(0, 500)}`);
}

/**
 * @param {string} email
 * @param {Identity} holder
 */
function refusal(email, { id, schema_id, state, traits }) {
  const role = typeof traits.role === "string" ? `role ${traits.role}` : "no role";
  return (
    `administrator ${email}: the address is that of another identity, which this program has not made: ` +
    `identity ${id}, schema ${schema_id}, ${role}, state ${state}. Write another address as admin.email, ` +
    "or have that identity's address changed or the identity deleted. Nothing was changed."
  );
}

/**
 * Marks an administrator whom a version before the mark has made. One who still has the first password, which was
 * the same for all addresses then, gets the one in the outputs. To be removed together with `sharedPassword`.
 *
 * @param {Identity} holder
 * @param {Client[]} clients
 */
async function adopt(holder, clients) {
  const { schema_id, state, traits, metadata_public, metadata_admin } = holder;
  if (schema_id !== "admin" || traits.role !== "admin" || state !== "active") return false;
  const { email, password, sharedPassword } = wanted.administrator;
  const hasFirstPassword = await signsIn(email, sharedPassword);
  // Only this step can have made an administrator before it had let the admin UI in.
  const own = clients.filter(({ metadata }) => isManaged(metadata));
  const firstRun = Math.min(...own.map(({ created_at }) => Date.parse(created_at ?? "")));
  // Hydra rounds to a second. Without a client of ours nothing is earlier.
  const isFirst = own.length > 0 && Date.parse(holder.created_at) <= firstRun + 1000;
  if (!hasFirstPassword && !isFirst) return false;
  await request("PUT", `${identities}/${holder.id}`, {
    schema_id,
    state,
    traits,
    metadata_public,
    metadata_admin: { ...metadata_admin, ...administratorMark(email) },
    ...(hasFirstPassword && { credentials: { password: { config: { password } } } }),
  });
  return true;
}

/**
 * @param {string} identifier
 * @param {string} password
 */
async function signsIn(identifier, password) {
  const flow = await request("GET", `${wanted.kratosPublic}/self-service/login/api`);
  const submit = `${wanted.kratosPublic}/self-service/login?flow=${flow.body.id}`;
  const response = await send("POST", submit, { method: "password", identifier, password });
  if (!response.ok) return false;
  const { session_token } = JSON.parse(await response.text());
  await request("DELETE", `${wanted.kratosPublic}/self-service/logout/api`, { session_token });
  return true;
}

/** @param {Client} client */
async function ensureClient(client) {
  const body = { ...client, metadata: { ...client.metadata, ...managedBy } };
  const one = `${wanted.hydraAdmin}/admin/clients/${encodeURIComponent(client.client_id)}`;
  const replaced = await request("PUT", one, body);
  if (!replaced.found) await request("POST", `${wanted.hydraAdmin}/admin/clients`, body);
  console.log(`client ${client.client_id}: ${replaced.found ? "up to date" : "made"}`);
}

/**
 * Clients that an earlier run made and that the file no longer names; those of others stay.
 *
 * @param {Client[]} clients
 */
async function removeForgottenClients(clients) {
  const names = new Set(wanted.clients.map((client) => client.client_id));
  for (const client of clients) {
    if (!isManaged(client.metadata) || names.has(client.client_id)) continue;
    await request("DELETE", `${wanted.hydraAdmin}/admin/clients/${encodeURIComponent(client.client_id)}`);
    console.log(`client ${client.client_id}: removed`);
  }
}

try {
  const clients = await allClients();
  await ensureAdministrator(clients);
  for (const client of wanted.clients) await ensureClient(client);
  await removeForgottenClients(clients);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
