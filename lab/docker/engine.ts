import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { LabError, step } from "../progress.ts";
import * as fault from "./faults.ts";
import { removeStalePidFiles } from "./pidFiles.ts";
import { runningPid, startInBackground, stopInBackground } from "./processes.ts";

/** A Docker engine on this machine that answers. */
export interface Engine {
  /** `unix:///…`, as DOCKER_HOST and the Docker provider take it. */
  readonly host: string;
  /** The newest API that it speaks, such as `1.41`. */
  readonly apiVersion: string;
  readonly version: string;
  /** True when this or an earlier run of the lab started it; only such an engine is ever stopped by us. */
  readonly startedByUs: boolean;
}

const DEFAULT_HOST = "unix:///var/run/docker.sock";
const PROCESS = "dockerd";
/** Generous: on a cold disk dockerd reads all images first. */
const START_SECONDS = 60;

/** Returns an engine that answers; where none does and we may, installs and starts one. */
export async function ensureDocker(): Promise<Engine> {
  const host = await currentHost();
  const refused = fault.hostFault(host);
  if (refused) throw new LabError(refused);

  const running = (await ask(host)) ?? (await bringUp(host));
  const tooOld = fault.apiFault(host, running.apiVersion);
  if (tooOld) throw new LabError(tooOld);
  await checkClient(host, running.apiVersion);
  return { host, ...running, startedByUs: (await runningPid(PROCESS)) !== undefined };
}

/** Ends the dockerd that the lab started; leaves any other alone. True when there was one to end. */
export async function stopDocker(): Promise<boolean> {
  // Containers get their stop signal from dockerd, Postgres among them, so it is given time.
  return stopInBackground(PROCESS, 60);
}

/** DOCKER_HOST, else the endpoint of the docker command's current context, else the usual socket. */
async function currentHost(): Promise<string> {
  if (process.env.DOCKER_HOST) return process.env.DOCKER_HOST;
  const context = await execa("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], {
    reject: false,
  });
  return (context.exitCode === 0 && context.stdout.trim()) || DEFAULT_HOST;
}

type Answer = Pick<Engine, "apiVersion" | "version">;

/** Asks the engine for its version; undefined when there is none to ask. */
async function ask(host: string): Promise<Answer | undefined> {
  try {
    const { ApiVersion, Version } = JSON.parse(await getFromSocket(host, "/version"));
    return { apiVersion: String(ApiVersion), version: String(Version) };
  } catch (error) {
    const reason = fault.socketFault(host, (error as NodeJS.ErrnoException).code ?? String(error));
    if (reason.kind === "absent") return undefined;
    throw new LabError(reason.message);
  }
}

function getFromSocket(host: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socketPath = host.slice("unix://".length);
    const call = request({ socketPath, path, timeout: 10_000 }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve(body);
    });
    call.on("timeout", () => call.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
    call.on("error", reject).end();
  });
}

async function bringUp(host: string): Promise<Answer> {
  if (host !== DEFAULT_HOST) throw new LabError(fault.noEngineAt(host));
  if (process.getuid?.() !== 0) throw new LabError(fault.NO_ENGINE_NOT_ROOT);
  if (!(await hasDockerd())) {
    if (!existsSync("/usr/bin/apt-get")) throw new LabError(fault.NO_ENGINE_NO_APT);
    await step("installing Docker from the distribution", 30, install);
  }
  // A machine with systemd has its own way to run dockerd, perhaps just taken by the package's installation.
  if (existsSync("/run/systemd/system")) {
    await execa("systemctl", ["start", "docker"], { reject: false });
    const answer = await ask(host);
    if (answer) return answer;
  }
  return step("starting dockerd", 5, () => startDockerd());
}

async function hasDockerd(): Promise<boolean> {
  return (await execa("dockerd", ["--version"], { reject: false })).exitCode === 0;
}

async function install(): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // dockerd refuses to start without iptables, which docker.io only recommends.
  const packages = ["install", "--yes", "--no-install-recommends", "docker.io", "iptables"];
  await execa("apt-get", ["update"], { env, reject: false });
  const result = await execa("apt-get", packages, { env, reject: false });
  if (result.exitCode === 0) return;
  throw new LabError(
    `Docker could not be installed: ${result.stderr.trim().split("\n").at(-1)}\n` +
      "Run: apt-get update && apt-get install docker.io iptables",
  );
}

async function startDockerd(): Promise<Answer> {
  await removeStalePidFiles();
  const daemon = await startInBackground(PROCESS, "dockerd", ["--host", DEFAULT_HOST]);
  for (let tenths = 0; tenths < START_SECONDS * 10; tenths++) {
    // Asked first: where two runs start one at the same time the slower dockerd ends, and both have an engine.
    const answer = await ask(DEFAULT_HOST);
    if (answer) return answer;
    if (!(await daemon.alive())) break;
    await sleep(100);
  }
  throw new LabError(fault.startFault(await readFile(daemon.log, "utf8"), daemon.log));
}

/** A newer docker command than engine is common; it has to find an API version that both speak. */
async function checkClient(host: string, engineApi: string): Promise<void> {
  const result = await execa("docker", ["--host", host, "version", "--format", "{{.Server.APIVersion}}"], {
    reject: false,
  });
  if (result.exitCode === 0) return;
  if (result.code === "ENOENT") {
    throw new LabError(
      "There is a Docker engine but no docker command on PATH. Debian, Ubuntu: apt-get install docker.io",
    );
  }
  throw new LabError(fault.clientFault(result.stderr, engineApi));
}
