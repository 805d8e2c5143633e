import { readdir, readFile, readlink } from "node:fs/promises";
import { execa } from "execa";

/**
 * What there is of lab hosts on this machine: namespaces, links, control groups, folders, mounts, and processes
 * with a site's folder in their command line or in a network namespace without a name.
 */
export async function remains(): Promise<Set<string>> {
  const found = new Set<string>();
  const add = (kind: string, names: readonly string[]) => {
    for (const name of names) if (/olympus-(site|\d)/.test(name)) found.add(`${kind} ${name}`);
  };
  add("namespace", await readdir("/run/netns").catch(() => []));
  add("folder", await readdir(process.env.TMPDIR || "/var/tmp"));
  add("link", (await execa("ip", ["-brief", "link"])).stdout.split("\n"));
  add("mount", (await readFile("/proc/self/mountinfo", "utf8")).split("\n"));
  for (const place of ["", ...(await readdir("/sys/fs/cgroup"))]) {
    add("control group", await readdir(`/sys/fs/cgroup/${place}`).catch(() => []));
  }
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    add("process", [command.replaceAll("\0", " ")]);
    add("process in", [await readlink(`/proc/${pid}/ns/net`).catch(() => "")]);
  }
  return found;
}
