import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type KeyRotation, rotateKeys, tokenSeconds } from "../../../fleet/tenant/services/rotateKeys.ts";

/** Hydra's keys as its admin API has them: a set's newest first, which signs. */
const sets = ["hydra.openid.id-token", "hydra.jwt.access-token"] as const;
let keys: Map<string, string[]>;
/** Method and path of every request that changes something. */
let changed: string[];
/** Answered in place of the usual; by method and path. */
let broken: Set<string>;

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const [, set = "", id] = /^\/admin\/keys\/([^/]+)(?:\/(.+))?$/.exec(request.url ?? "") ?? [];
  const called = `${request.method} ${set}`;
  if (request.method !== "GET") changed.push(called);
  const ids = keys.get(set) ?? [];
  if (broken.has(called)) response.writeHead(500).end('{"keys":[{"d":"a private key"}]}');
  else if (request.method === "GET")
    response.end(JSON.stringify({ keys: ids.map((kid) => ({ kid, d: "private" })) }));
  else if (request.method === "POST") {
    keys.set(set, [JSON.parse(Buffer.concat(chunks).toString()).kid, ...ids]);
    response.writeHead(201).end("{}");
  } else {
    keys.set(
      set,
      ids.filter((kid) => kid !== decodeURIComponent(id ?? "")),
    );
    response.writeHead(204).end();
  }
});

async function taken(rotation: KeyRotation) {
  const [program = "", ...args] = rotateKeys(rotation).command;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { exitCode, stdout, stderr } = await execa(program, args, {
    env: { HYDRA_ADMIN_URL: url },
    reject: false,
  });
  return { exitCode, stderr, step: stdout === "" ? undefined : JSON.parse(stdout) };
}

const minutesAgo = (minutes: number) =>
  `olympus-fleet-${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z-id-token`;
const have = (idToken: readonly string[], accessToken: readonly string[]) => {
  keys = new Map([
    [sets[0], [...idToken]],
    [sets[1], [...accessToken]],
  ]);
};

beforeEach(async () => {
  [changed, broken] = [[], new Set()];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const usual = { waitSeconds: tokenSeconds, mayBegin: true };

describe("a rotation of Hydra's keys", () => {
  test("begins with a new key in each set, and touches no old one", async () => {
    have(["a"], ["b"]);
    const { step } = await taken(usual);
    expect(step.made.map(({ set }: { set: string }) => set)).toEqual(sets);
    // They are published as one set, in which no two may have the same id.
    expect(new Set(step.made.map(({ id }: { id: string }) => id)).size).toBe(2);
    expect(step.removed).toEqual([]);
    expect(Date.parse(step.until)).toBeGreaterThan(Date.now() + 3_800_000);
    expect(keys.get(sets[0])).toEqual([step.made[0].id, "a"]);
    expect(changed).toEqual(sets.map((set) => `POST ${set}`));
  });

  test("goes on where it was killed: the set that has no new key gets one", async () => {
    const first = minutesAgo(10);
    have([first, "a"], ["b"]);
    const { step } = await taken(usual);
    expect(step.made).toEqual([{ set: sets[1], id: keys.get(sets[1])?.[0] }]);
    expect(keys.get(sets[0])).toEqual([first, "a"]);
  });

  test("goes on where a second one was killed: a key of the first is none of its own", async () => {
    const [first, second] = [minutesAgo(90), minutesAgo(10)];
    have([second, first], [minutesAgo(90)]);
    const { step } = await taken({ ...usual, waitSeconds: 0 });
    expect(step.made).toEqual([{ set: sets[1], id: keys.get(sets[1])?.[0] }]);
    expect(step.removed).toHaveLength(2);
    expect(keys.get(sets[0])).toEqual([second]);
    expect(keys.get(sets[1])).toEqual([step.made[0].id]);
  });

  test("does nothing while it waits, and then removes all keys but the new ones", async () => {
    have([minutesAgo(64), "a"], [minutesAgo(63), "b", "c"]);
    expect((await taken({ ...usual, mayBegin: false })).step.until).toBeDefined();
    expect(changed).toEqual([]);
    have([minutesAgo(66), "a"], [minutesAgo(66), "b", "c"]);
    const { step } = await taken(usual);
    expect(step).toEqual({
      made: [],
      removed: [
        { set: sets[0], id: "a" },
        { set: sets[1], id: "b" },
        { set: sets[1], id: "c" },
      ],
    });
  });

  test("goes on when it was killed between two removals, and begins no other one", async () => {
    const done = minutesAgo(66);
    have([done], [minutesAgo(66), "b"]);
    const { step } = await taken(usual);
    expect(step.removed).toEqual([{ set: sets[1], id: "b" }]);
    expect(keys.get(sets[0])).toEqual([done]);
  });

  test("is done where nothing is left, and begins again only when it is asked to", async () => {
    have([minutesAgo(90)], [minutesAgo(90)]);
    expect((await taken({ ...usual, mayBegin: false })).step).toEqual({ made: [], removed: [] });
    expect((await taken(usual)).step.made).toHaveLength(2);
  });

  test("takes a key that somebody has put in front for none of its own, and removes nothing on its account", async () => {
    have(["by-hand", minutesAgo(90)], ["by-hand", minutesAgo(90)]);
    const { step } = await taken(usual);
    expect(step.made).toHaveLength(2);
    expect(step.removed).toEqual([]);
  });

  test("says what Hydra refuses, and repeats no private key", async () => {
    have(["a"], ["b"]);
    broken.add(`POST ${sets[1]}`);
    const { exitCode, stderr } = await taken(usual);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`hydra: POST ${sets[1]}: 500`);
    expect(stderr).not.toContain("a private key");
    expect(keys.get(sets[1])).toEqual(["b"]);
  });
});
