import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firewall } from "../../../backends/docker/firewall.ts";
import { GateBox } from "./gateBox.ts";

/**
 * The firewall's loop on a kernel that is a folder: a file per table, and one beside it that says what is wrong with it.
 * `lacking`: the kernel has no such table. `racing`: the next setting fails, as it does when somebody flushes the table
 * between its reading and its setting.
 */
let box: GateBox;
beforeEach(() => {
  box = new GateBox("");
  for (const family of ["iptables", "ip6tables"]) {
    // A listing tells nothing of whether a table can be made.
    box.program(family, "exit 0");
    box.program(`${family}-save`, `cat ${table(family)}.$2 2>/dev/null`);
    box.program(
      `${family}-restore`,
      `rules=$(cat); file=${table(family)}.$(echo "$rules" | sed -n 's/^\\*//p')
case $(cat $file.is 2>/dev/null) in
lacking) exit 1 ;;
racing) rm $file.is; exit 1 ;;
esac
echo "$rules" | sed -n 's/^-I/-A/; /^-A/p' > $file`,
    );
  }
});
afterEach(() => box.remove());

const table = (name: string) => join(box.folder, name);
const held = () => (existsSync(table("held")) ? readFileSync(table("held"), "utf8") : "");

/** Runs the loop until `until` holds; the exit code if it ended before. Fails if neither comes within ten seconds. */
async function looped(until: () => boolean): Promise<number | undefined> {
  const { loop } = firewall("docker");
  const shell = box.start(
    loop.replaceAll("/run/olympus-rules", table("held")).replace("sleep 1", "sleep 0.02"),
  );
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
