import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { TestFleet } from "./testFleet.ts";

/**
 * Kills a `pulumi up` with all its processes in the moment in which the engine has made something, so that Pulumi has not
 * written it down.
 *
 * @param made the engine's word for it, `network create bigcorp-internal`
 */
export async function killWhen(fleet: TestFleet, made: string): Promise<void> {
  const format = "{{.Type}} {{.Action}} {{.Actor.Attributes.name}}";
  const events = execa("docker", ["events", "--format", format], {
    env: { DOCKER_HOST: fleet.dockerHost },
    reject: false,
    lines: true,
  });
  const run = fleet.stack.start(["up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "32"]);
  let output = "";
  for (const stream of [run.stdout, run.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  run.once("exit", () => events.kill());
  const closed = once(run, "close");
  for await (const line of events) if (line === made) break;
  if (run.exitCode !== null) throw new Error(`the run has ended without "${made}": ${output}`);
  process.kill(-(run.pid ?? 0), "SIGKILL");
  await closed;
}

/**
 * Command lines of the project's programs and their language hosts that are still there after some seconds, and whose
 * environment says that they run for this stack's state.
 */
export async function survivors(fleet: TestFleet, seconds: number): Promise<string[]> {
  let left = await programs(fleet.folder);
  for (let tries = 0; left.length > 0 && tries < seconds * 4; tries++) {
    await sleep(250);
    left = await programs(fleet.folder);
  }
  return left;
}

async function programs(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const lines = await Promise.all(
    pids.map(async (pid) =>
      (await read(pid, "environ")).includes(folder) ? (await read(pid, "cmdline")).replaceAll("\0", " ") : "",
    ),
  );
  // Providers ask for their engine every five minutes, which is Pulumi's own doing.
  return lines.filter((line) => line !== "" && !line.includes("/pulumi-resource-"));
}
