import { chmod, copyFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached, contentKey } from "./cached.ts";
import { LabError, step } from "./progress.ts";

const remedy = "Put a promtool of any Prometheus from 2.42 on in your PATH, then retry.";

/**
 * `promtool`, Prometheus's own check of metrics and rules: that on PATH, or the distribution's. Its package is unpacked and not
 * installed, which would start a Prometheus.
 */
export async function ensurePromtool(): Promise<string> {
  const onPath = await execa("promtool", ["--version"], { reject: false });
  if (onPath.exitCode === 0) return "promtool";
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const folder = await cached("promtool", await contentKey([], release, process.arch), (into) =>
    step("fetching promtool from the distribution", 5, () => unpack(into)),
  );
  return join(folder, "promtool");
}

async function unpack(into: string): Promise<void> {
  const run = (command: string, args: readonly string[]) =>
    execa(command, args, { cwd: into, reject: false });
  // Only root may refresh the lists; for others the lists that are there have to do.
  if (process.getuid?.() === 0) await run("apt-get", ["update"]);
  // apt's own user cannot enter the cache; without that sandbox apt does not complain about it.
  const sandbox = ["-o", "APT::Sandbox::User=root", "-o", "Acquire::Retries=3"];
  const fetched = await run("apt-get", [...sandbox, "download", "prometheus"]);
  const deb = (await readdir(into)).find((file) => file.endsWith(".deb"));
  if (deb === undefined) {
    const reason = fetched.stderr?.trim().split("\n").at(-1) || "there is no apt-get here";
    throw new LabError(`promtool could not be fetched: ${reason}\n${remedy}`);
  }
  await run("dpkg-deb", ["--extract", deb, "package"]);
  await copyFile(join(into, "package/usr/bin/promtool"), join(into, "promtool"));
  await chmod(join(into, "promtool"), 0o755);
  await Promise.all(["package", deb].map((rest) => rm(join(into, rest), { recursive: true })));
}
