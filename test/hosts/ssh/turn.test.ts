import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const script = join(import.meta.dirname, "../../../hosts/ssh/turn.sh");
const host = "olympus-0123456789";

let home: string;
let turns: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "olympus-turn-"));
  turns = join(home, ".olympus/here", host);
  mkdirSync(turns, { recursive: true });
  // Turns are those of programs of this name.
  symlinkSync("/bin/sh", join(home, "ssh"));
});
const open: Server[] = [];
const holders: ChildProcess[] = [];
afterEach(async () => {
  for (const holder of holders.splice(0)) holder.kill("SIGKILL");
  for (const socket of open.splice(0)) await once(socket.close(), "close");
  rmSync(home, { recursive: true });
});

/** A connection that is open, with so many ssh that use it. */
async function connection(number: number, sessions: number) {
  const socket = createServer();
  open.push(socket);
  await once(socket.listen(join(turns, String(number))), "listening");
  for (let count = 0; count < sessions; count++) {
    const holder = spawn(join(home, "ssh"), ["-c", "sleep 20; :"], { stdio: "ignore" });
    holders.push(holder);
    await once(holder, "spawn");
    writeFileSync(join(turns, `${number}-${holder.pid}`), "");
  }
}

/** Asks for a turn as ssh does; after two seconds it has waited for too long. */
function ask(env: NodeJS.ProcessEnv = {}, alias = host) {
  const command = `sh ${script} take ${alias} here ${home}; echo "exit $?"`;
  const { stdout, stderr, signal } = spawnSync(join(home, "ssh"), ["-c", command], {
    encoding: "utf8",
    timeout: 2000,
    env: { PATH: process.env.PATH, HOME: home, ...env },
  });
  if (signal === null) return stdout.trim();
  return signal === "SIGTERM" && stderr !== "" ? stderr.trim() : "waits";
}

/** What `Include ~/.olympus/turn` reads. */
const answer = () => readFileSync(join(home, ".olympus/turn"), "utf8");

test("nobody is there: the first connection, to be opened", () => {
  expect(ask()).toBe("exit 0");
  expect(existsSync(join(turns, "attempt"))).toBe(true);
});

test("what killed runs have left is nobody's turn, no matter who has their numbers by now", () => {
  // The first process, this one, and one that there is not: none of them is an ssh.
  for (const pid of [1, process.pid, 4194301]) writeFileSync(join(turns, `1-${pid}`), "");
  expect(ask()).toBe("exit 0");
  expect(readdirSync(turns).filter((name) => name.startsWith("1-"))).toHaveLength(1);
});

test("somebody else's ssh that opens the connection is waited for", () => {
  const other = join(home, "ssh");
  const asks = `${other} -c 'sh ${script} take ${host} here ${home}; echo "exit $?"'`;
  const command = `: > ${join(turns, "1-")}$$; timeout 1 ${asks}; echo "ended with $?"`;
  const options = { encoding: "utf8", env: { PATH: process.env.PATH, HOME: home } } as const;
  expect(spawnSync(other, ["-c", command], options).stdout).toBe("ended with 124\n");
});

test("the way over another machine is not ours", () => {
  expect(ask({}, "jump.example.com")).toBe("exit 1");
  expect(readdirSync(join(home, ".olympus"))).toEqual(["here"]);
});

describe("on connections that are open", () => {
  test("eight share the first", async () => {
    await connection(1, 7);
    expect(ask()).toBe("exit 0");
  });

  test("the ninth is told to open another, and by whom that may be read", async () => {
    await connection(1, 8);
    expect(ask()).toBe("exit 1");
    const [who = "", match, path] = answer().trim().split("\n");
    const pid = who.replace("# ", "");
    expect(match).toBe(`Match exec "exec sh hosts/ssh/turn.sh taken '%k' '%L' '%d' ${host} ${pid}"`);
    expect(path?.trim()).toBe(`ControlPath ~/.olympus/here/${host}/2`);
    expect(existsSync(join(turns, `2-${pid}`))).toBe(true);
  });

  test("others come to that one as well, and nobody opens a third before it is full", async () => {
    await connection(1, 8);
    await connection(2, 7);
    expect(ask()).toBe("exit 1");
    expect(answer()).toContain(`/${host}/2\n`);
  });

  test("one that was just opened and has failed is tried again: the host is there", async () => {
    await connection(1, 8);
    expect(ask()).toBe("exit 1");
    rmSync(join(home, ".olympus/turn"));
    expect(ask()).toBe("exit 1");
    expect(answer()).toContain(`/${host}/2\n`);
  });
});

describe("an answer", () => {
  const taken = (pid: string, alias = host) => {
    writeFileSync(join(home, ".olympus/turn"), "x");
    const command = `sh ${script} taken ${alias} here ${home} ${host} ${pid}; echo "exit $?"`;
    const options = { encoding: "utf8", env: { PATH: process.env.PATH, HOME: home } } as const;
    return spawnSync("sh", ["-c", command], options).stdout.trim();
  };

  test("is for the ssh that has asked, and makes room for the next", () => {
    expect(taken("$$")).toBe("exit 0");
    expect(existsSync(join(home, ".olympus/turn"))).toBe(false);
  });
  test("is for no other process, and for no other host", () => {
    expect(taken("1")).toBe("exit 1");
    expect(taken("$$", "olympus-9876543210")).toBe("exit 1");
    expect(existsSync(join(home, ".olympus/turn"))).toBe(true);
  });
  test("whose reader is gone stands in nobody's way", async () => {
    await connection(1, 8);
    writeFileSync(join(home, ".olympus/turn"), "# 4194301\n");
    expect(ask()).toBe("exit 1");
    expect(answer()).toContain(`/${host}/2\n`);
  });
});

describe("a host that could not be signed in to a moment ago", () => {
  test("is not tried again: the ssh that asks is ended", () => {
    expect(ask()).toBe("exit 0");
    expect(ask()).toMatch(/^Not tried again: \d s ago this host could not be signed in to\.$/);
  });
  test("unless somebody wants to know how it is now", () => {
    expect(ask()).toBe("exit 0");
    expect(ask({ OLYMPUS_SSH_AT_ONCE: "1" })).toBe("exit 0");
  });
  test("is tried again after a while", () => {
    writeFileSync(join(turns, "attempt"), `${Math.floor(Date.now() / 1000) - 26}\n`);
    expect(ask()).toBe("exit 0");
  });
});
