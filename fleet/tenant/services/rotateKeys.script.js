// Runs beside Athena (on Node or Bun), whose environment says where Hydra is: takes one step of a rotation of Hydra's signing
// keys, and prints what it has done and what comes next, a line of JSON. What has been done before is read off the keys
// themselves: the id of one that a rotation has made says when. So a rotation that was killed goes on where it was.

const { HYDRA_ADMIN_URL: hydraAdmin, ROTATION: given = "{}" } = process.env;

/** @type {{ waitSeconds: number, mayBegin: boolean }} */
const { waitSeconds, mayBegin } = JSON.parse(given);

/** What ID tokens are signed with, and access tokens that are JWTs. */
const names = ["hydra.openid.id-token", "hydra.jwt.access-token"];

/**
 * Both sets are published as one: a verifier that finds two keys of one id refuses a token, or tries the wrong one.
 *
 * @param {Date} time
 * @param {string} set
 */
const idOf = (time, set) => `olympus-fleet-${time.toISOString().slice(0, 19)}Z-${set.split(".").at(-1)}`;
/** @returns {Date | undefined} when a rotation has made the key of this id */
const madeAt = (/** @type {string} */ id) => {
  const [, time] = /^olympus-fleet-([^Z]+Z)-/.exec(id) ?? [];
  return time === undefined ? undefined : new Date(time);
};

/**
 * @param {string} method
 * @param {string} path below the sets of keys
 * @param {readonly number[]} wanted statuses
 * @param {object} [body]
 */
async function ask(method, path, wanted, body) {
  const response = await fetch(`${hydraAdmin}/admin/keys/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(120_000),
  });
  const text = await response.text();
  // Its text may be a private key.
  if (!wanted.includes(response.status)) throw new Error(`hydra: ${method} ${path}: ${response.status}`);
  return text;
}

/** @param {string} name @returns {Promise<string[]>} ids of its keys, the one that signs first */
async function keysOf(name) {
  const { keys } = JSON.parse(await ask("GET", name, [200]));
  return keys.map((/** @type {{ kid: string }} */ { kid }) => kid);
}

const sets = await Promise.all(names.map(async (name) => ({ name, ids: await keysOf(name) })));
const hasNew = (/** @type {{ ids: string[] }} */ { ids }) => madeAt(ids[0] ?? "") !== undefined;
const begun = sets.filter((set) => hasNew(set) && set.ids.length > 1);
/**
 * When the key was made that a set signs with; 0 for one that no rotation has made.
 * @param {{ ids: string[] } | undefined} set
 */
const signedSince = (set) => madeAt(set?.ids[0] ?? "")?.getTime() ?? 0;
/**
 * In a rotation that has begun: whether this set has its new key. The first set gets its one first, so a key that is older is that of
 * the rotation before.
 * @param {{ ids: string[] }} set
 */
const isDoneWith = (set) => hasNew(set) && signedSince(set) >= signedSince(sets[0]);
const made = [];
const removed = [];
let until = 0;

if (begun.length > 0 || mayBegin) {
  for (const set of sets) {
    if (begun.length > 0 && isDoneWith(set)) continue;
    const id = idOf(new Date(), set.name);
    await ask("POST", set.name, [201], { kid: id, alg: "RS256", use: "sig" });
    made.push({ set: set.name, id });
    set.ids = await keysOf(set.name);
    if (set.ids[0] !== id)
      throw new Error(`hydra: ${set.name}: signs with ${set.ids[0]}, and not with its new key`);
  }
  for (const { ids } of sets) {
    const since = madeAt(ids[0] ?? "");
    if (ids.length > 1 && since !== undefined) until = Math.max(until, since.getTime() + waitSeconds * 1000);
  }
  if (until <= Date.now()) {
    for (const { name, ids } of sets) {
      for (const id of ids.slice(1)) {
        await ask("DELETE", `${name}/${encodeURIComponent(id)}`, [204]);
        removed.push({ set: name, id });
      }
    }
  }
}
const isDone = until <= Date.now();
console.log(JSON.stringify({ made, removed, ...(!isDone && { until: new Date(until).toISOString() }) }));
