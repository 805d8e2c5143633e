import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firewall } from "../../../backends/docker/firewall.ts";

/**
 * The firewall's loop on a kernel that is a folder: a file per table, and one beside it that says what is wrong with it.
 * `lacking`: the kernel has no such table. `racing`: the next setting fails, as it does when somebody flushes the table
 * between its reading and its setting.
 */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-firewall-"));
  for (const family of ["iptables", "ip6tables"]) {
    program(family, `[ "$(cat ${folder}/${family}.$2.is 2>/dev/null)" != lacking ]`);
    program(`${family}-save`, `cat ${folder}/${family}.$2 2>/dev/null`);
    program(
      `${family}-restore`,
      `rules=$(cat); table=$(echo "$rules" | sed -n 's/^\\*//p'); file=${folder}/${family}.$table
case $(cat $file.is 2>/dev/null) in
lacking) exit 1 ;;
racing) rm $file.is; exit 1 ;;
esac
echo "$rules" | sed -n 's/^-I/-A/; /^-A/p' > $file`,
    );
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}
const table = (name: string) => join(folder, name);
const held = () => (existsSync(table("held")) ? readFileSync(table("held"), "utf8") : "");

/** Runs the loop until `until` holds; the exit code if it ended before, or not within ten seconds. */
async function looped(until: () => boolean): Promise<number | undefined> {
  const { loop } = firewall("docker");
  const script = loop.replaceAll("/run/olympus-rules", table("held")).replace("sleep 1", "sleep 0.02");
  const path = `${folder}:${process.env.PATH}`;
  const shell = spawn("sh", ["-c", script], { env: { ...process.env, PATH: path }, stdio: "ignore" });
  const exited = once(shell, "exit");
  try {
    await expect.poll(() => shell.exitCode !== null || until(), { timeout: 10_000, interval: 20 }).toBe(true);
    return shell.exitCode ?? undefined;
  } finally {
    shell.kill();
    await exited;
  }
}

test.each(["iptables.security", "ip6tables.mangle", "ip6tables.security"])(
  "%s is flushed in the moment of setting it: the next look sets it",
  async (name) => {
    writeFileSync(table(`${name}.is`), "racing");
    const isWhole = () => existsSync(table(name)) && held().includes(readFileSync(table(name), "utf8"));
    expect(await looped(isWhole)).toBeUndefined();
  },
);

test("the table that is required is flushed in that moment: the firewall sets it, and goes on", async () => {
  writeFileSync(table("iptables.mangle.is"), "racing");
  expect(await looped(() => held().includes("-A OLYMPUS-INPUT"))).toBeUndefined();
});

test("a kernel may lack the table security, and IPv6", async () => {
  for (const name of ["iptables.security", "ip6tables.mangle", "ip6tables.security"])
    writeFileSync(table(`${name}.is`), "lacking");
  expect(await looped(() => held().includes("-A OLYMPUS-INPUT"))).toBeUndefined();
});

test("without the table that is required it ends, and its container says so", async () => {
  writeFileSync(table("iptables.mangle.is"), "lacking");
  expect(await looped(() => false)).toBe(1);
});
