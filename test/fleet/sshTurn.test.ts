import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = join(import.meta.dirname, "../../fleet/ssh/turn.sh");
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
afterEach(() => rmSync(home, { recursive: true }));

/** Asks for a turn as ssh does; after two seconds it has waited for too long. */
function ask() {
  const command = `sh ${script} take ${host} here ${home}; echo "exit $?"`;
  const { stdout, signal } = spawnSync(join(home, "ssh"), ["-c", command], {
    encoding: "utf8",
    timeout: 2000,
    env: { PATH: process.env.PATH, HOME: home },
  });
  return signal === null ? stdout.trim() : "waits";
}

test("nobody is there: the first connection, to be opened", () => {
  expect(ask()).toBe("exit 0");
  expect(existsSync(join(turns, "attempt"))).toBe(true);
});

test("what killed runs have left is nobody's turn, whoever has their numbers by now", () => {
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
