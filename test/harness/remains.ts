import { readdir, readFile } from "node:fs/promises";
import { execa } from "execa";
import { claimedSites } from "../../lab/hosts/ledger.ts";

/**
 * What there is of lab hosts on this machine that belongs to no site: namespaces, links, control groups, folders,
 * mounts, and processes with a site's folder in their command line. Sites of other runs do not count.
 */
export async function remains(): Promise<string[]> {
  const before = await claimedSites();
  const found = await traces();
  const sites = [...before, ...(await claimedSites())];
  const owned = new Set(
    sites.flatMap(({ number, folder }) => [`olympus-${number}`, folder.split("/").at(-1)]),
  );
  return found.filter((trace) => !owned.has(/olympus-(\d{1,3}\b|site-\w+)/.exec(trace)?.[0]));
}

async function traces(): Promise<string[]> {
  const found: string[] = [];
  // A site's number has three digits at most. The alias of a host's key may begin with a digit, too, and is longer.
  const add = (kind: string, lines: readonly string[]) =>
    found.push(
      ...lines.filter((line) => /olympus-(\d{1,3}\b|site-)/.test(line)).map((line) => `${kind} ${line}`),
    );
  add("namespace", await readdir("/run/netns").catch(() => []));
  add("folder", await readdir(process.env.TMPDIR || "/var/tmp"));
  add("link", (await execa("ip", ["-brief", "link"])).stdout.split("\n"));
  add("mount", (await readFile("/proc/self/mountinfo", "utf8")).split("\n"));
  for (const place of ["", ...(await readdir("/sys/fs/cgroup"))]) {
    add("control group", await readdir(`/sys/fs/cgroup/${place}`).catch(() => []));
  }
  add("process", await commandLines());
  return found;
}

/** Command lines of processes, on whatever host, that have this text in them. */
export async function processesWith(text: string): Promise<string[]> {
  return (await commandLines()).filter((line) => line.includes(text));
}

async function commandLines(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(lines)).map((line) => line.replaceAll("\0", " "));
}
