// Runs beside Athena (on Node or Bun), whose environment says where everything is: tries what applications and people do.
// Prints `fault: PART WORDS` and exits with 1 where that does not work; silent and 0 where it does. Leaves nothing behind
// but one sign-in at Kratos that nobody goes on with.

/** @typedef {"hydra" | "hera" | "kratos"} Part */

const {
  HYDRA_PUBLIC_URL: hydraPublic,
  HYDRA_ADMIN_URL: hydraAdmin,
  KRATOS_PUBLIC_URL: kratosPublic,
  HERA_INTERNAL_URL: hera,
  NEXT_PUBLIC_APP_URL: athena,
  OAUTH_CLIENT_ID: athenaClient,
} = process.env;

/** @type {{ client_name: string, metadata: Record<string, string> }} */
const probeClient = JSON.parse(process.env.PROBE_CLIENT ?? "{}");

/** Nobody waits longer than this for all of it. */
const endsAt = Date.now() + 40_000;

/** Something of the tenant does not do its work. */
class Fault extends Error {
  /**
   * @param {Part} part
   * @param {string} words
   */
  constructor(part, words) {
    super(`${part} ${words}`);
  }
}

/** @param {readonly unknown[]} words */
const shortened = (words) => words.filter(Boolean).join(": ").replace(/\s+/g, " ").slice(0, 300);

/**
 * What Ory says of a refusal, in its two ways. Its words name what is wrong; of answers that are no refusal nothing is
 * repeated, since those hold secrets.
 *
 * @param {string} text
 */
function reason(text) {
  try {
    const { error, error_description: description } = JSON.parse(text);
    return shortened(typeof error === "string" ? [error, description] : [error?.message, error?.reason]);
  } catch {
    return "";
  }
}

/**
 * @param {Part} part
 * @param {string} without what is missing when it fails
 * @param {string} url
 * @param {RequestInit & { wanted?: readonly number[] }} [options] `wanted` are the statuses of success
 */
async function ask(part, without, url, { wanted = [200], ...init } = {}) {
  const what = `${without}: ${init.method ?? "GET"} ${new URL(url).pathname}`;
  try {
    const patienceMs = Math.max(1, Math.min(10_000, endsAt - Date.now()));
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, { ...init, redirect: "manual", signal });
    const text = await response.text();
    if (wanted.includes(response.status)) return { headers: response.headers, text, what };
    throw new Fault(part, `${what}: ${response.status} ${reason(text)}`.trim());
  } catch (error) {
    if (error instanceof Fault) throw error;
    const isSlow = error instanceof Error && error.name === "TimeoutError";
    throw new Fault(part, `${what}: no answer${isSlow ? " in time" : ""}`);
  }
}

/** @type {(...asked: Parameters<typeof ask>) => Promise<any>} */
async function askJson(part, ...asked) {
  const { text, what } = await ask(part, ...asked);
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(part, `${what}: its answer is no JSON`);
  }
}

/** @param {Record<string, string>} form */
const posted = (form) => ({ method: "POST", body: new URLSearchParams(form) });

/** Under another system secret Hydra cannot read the keys that it has, and still gives tokens. */
async function tryKeys() {
  const without = "serves no keys";
  const { keys } = await askJson("hydra", without, `${hydraPublic}/.well-known/jwks.json`);
  if (!Array.isArray(keys) || keys.length === 0) throw new Fault("hydra", `${without}: its list is empty`);
}

const clients = `${hydraAdmin}/admin/clients`;
/** @param {string} id */
const removeClient = (id) =>
  ask("hydra", "does not remove a client", `${clients}/${encodeURIComponent(id)}`, {
    method: "DELETE",
    wanted: [204],
  });

const forgottenAfterMs = 10 * 60_000;

/** Clients of probes that were killed before they could remove them. */
async function removeForgotten() {
  const { client_name: name, metadata: mark } = probeClient;
  const query = new URLSearchParams({ client_name: name });
  for (const { client_id: id, metadata, created_at: made } of await askJson(
    "hydra",
    "lists no clients",
    `${clients}?${query}`,
  )) {
    const isOurs = JSON.stringify(metadata) === JSON.stringify(mark);
    if (isOurs && Date.parse(made) < Date.now() - forgottenAfterMs) await removeClient(id);
  }
}

/**
 * @param {string} id
 * @param {string} secret
 */
async function takeToken(id, secret) {
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64");
  const { access_token: token } = await askJson("hydra", "gives no token", `${hydraPublic}/oauth2/token`, {
    ...posted({ grant_type: "client_credentials" }),
    headers: { authorization: `Basic ${basic}` },
  });
  const without = "does not know its own token";
  const known = await askJson("hydra", without, `${hydraAdmin}/admin/oauth2/introspect`, posted({ token }));
  if (known.active !== true || known.client_id !== id)
    throw new Fault("hydra", `${without}: it is not active`);
}

/**
 * A token by client credentials, which Hydra then knows. The client lives for as long as this takes, its secret is made by
 * Hydra and known to nobody else, and its token ends with it.
 */
async function tryToken() {
  await removeForgotten();
  const { client_id: id, client_secret: secret } = await askJson("hydra", "makes no client", clients, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(probeClient),
    wanted: [201],
  });
  const failure = await takeToken(id, secret).then(
    () => undefined,
    (error) => error,
  );
  await removeClient(id).catch((error) => {
    throw failure ?? error;
  });
  if (failure !== undefined) throw failure;
}

/** What Hydra and Hera check of a random value is its length. */
const random = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");

/** The sign-in page as a visitor comes to it: an application asks Hydra, which sends to Hera. */
async function tryPage() {
  const query = new URLSearchParams({
    client_id: athenaClient ?? "",
    response_type: "code",
    scope: "openid",
    redirect_uri: `${athena}/api/auth/callback`,
    state: random(),
    code_challenge: random(),
    code_challenge_method: "S256",
  });
  const without = "begins no sign-in";
  const asked = await ask("hydra", without, `${hydraPublic}/oauth2/auth?${query}`, { wanted: [302, 303] });
  const { pathname, search, searchParams } = new URL(asked.headers.get("location") ?? "", hydraPublic);
  if (!searchParams.has("login_challenge")) {
    const words = ["error", "error_description"].flatMap((name) => searchParams.get(name) ?? []);
    throw new Fault("hydra", `${without}: ${shortened(words)}`);
  }
  const page = await ask("hera", "shows no sign-in page", `${hera}${pathname}${search}`);
  // That a request for a sign-in has expired, and other things, it says with status 200.
  if (!/<form[\s>]/i.test(page.text)) throw new Fault("hera", `${page.what}: 200, without a form`);
}

/** What Hera asks Kratos for when somebody has filled the form in. Kratos writes it down. */
async function tryFlow() {
  const without = "begins no sign-in";
  const url = `${kratosPublic}/self-service/login/api`;
  const { id } = await askJson("kratos", without, url, { headers: { accept: "application/json" } });
  if (typeof id !== "string") throw new Fault("kratos", `${without}: its answer has no id`);
}

try {
  await tryKeys();
  await tryToken();
  await tryPage();
  await tryFlow();
  process.exit(0);
} catch (error) {
  if (error instanceof Fault) console.log(`fault: ${error.message}`);
  else console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
