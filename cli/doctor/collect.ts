import { lookup } from "node:dns/promises";
import { addressKind } from "../../fleet/address.ts";
import { EngineApi, EngineSilent } from "../../hosts/engineApi.ts";
import { run } from "../../hosts/run.ts";
import { type Reach, reachFailure } from "../../hosts/ssh/reach.ts";
import { type Transport, transportTo } from "../../hosts/transport.ts";
import { type EngineAnswers, engineFacts, enginePaths } from "../../reports/doctor/facts/engine.ts";
import { answered, type HostFacts, type ImageAnswer } from "../../reports/doctor/facts/facts.ts";
import { machineFacts } from "../../reports/doctor/facts/machine.ts";
import { probeScript } from "../../reports/doctor/probe.ts";
import { questionsFor } from "../../reports/doctor/questions.ts";
import type { Subject } from "../../reports/doctor/subject.ts";
import { askDatabases } from "../databases.ts";
import { askForImages } from "./askForImages.ts";

/** Who looks whether a host lets them in must not be led by a connection that is open already. */
const connections = "-doctor";

/** Seconds that each step may take; the script has limits of its own that end before. */
const patience = { reach: 30, engine: 20, script: 90 } as const;

/** Asks a host everything, one step after another: each needs the one before. */
export async function factsOf(subject: Subject): Promise<HostFacts> {
  const transport = transportTo(subject.host, connections);
  const isFar = subject.host.ssh !== undefined;
  const sshVersion = isFar ? await versionOfSsh() : undefined;
  const reach: Reach = isFar ? await reachOf(transport) : { kind: "here" };
  const nothing = { reach, sshVersion, engine: { silence: "" }, images: new Map<string, ImageAnswer>() };
  if (reach.kind !== "in" && reach.kind !== "here") return nothing;

  const api = new EngineApi(() => transport.engine());
  try {
    const engine = await askEngine(api);
    const found = answered(engine);
    const [probe, databases, images, resolved] = await Promise.all([
      runProbe(subject, transport, found?.info.DockerRootDir),
      found === undefined ? undefined : askDatabases(transport, subject.host.engine),
      found === undefined ? nothing.images : askForImages(api, subject, found),
      addressesOf(subject),
    ]);
    return { ...nothing, engine, databases, images, resolved, ...probe };
  } finally {
    api.close();
    await transport.close();
  }
}

async function versionOfSsh(): Promise<string | undefined> {
  const { err } = await run("ssh", ["-V"], { seconds: 5 });
  return /OpenSSH_(?:for_Windows_)?(\d+\.\d+)/.exec(err)?.[1];
}

async function reachOf(transport: Transport): Promise<Reach> {
  const { code, err } = await transport.run("exit 0\n", { seconds: patience.reach });
  if (code === 0) return { kind: "in" };
  return err === "ENOENT" ? { kind: "no-client" } : reachFailure(err);
}

async function askEngine(api: EngineApi): Promise<HostFacts["engine"]> {
  try {
    const entries = await Promise.all(
      Object.entries(enginePaths).map(async ([name, path]) => [
        name,
        (await api.get(path, patience.engine)).body,
      ]),
    );
    return (
      engineFacts(Object.fromEntries(entries) as EngineAnswers) ?? {
        silence: "what answers there is no engine",
      }
    );
  } catch (error) {
    if (error instanceof EngineSilent) return { silence: error.message };
    throw error;
  }
}

async function runProbe(subject: Subject, transport: Transport, dataRoot: string | undefined) {
  let clock: HostFacts["clock"];
  const started = Date.now() / 1000;
  const onOutput = (piece: string) => {
    const [, seconds] = /^clock=(\d+)$/m.exec(piece) ?? [];
    // The host looked at its clock at some time between the start and now, and told whole seconds.
    if (seconds === undefined) return;
    clock ??= { least: Number(seconds) - Date.now() / 1000, most: Number(seconds) + 1 - started };
  };
  const script = probeScript(questionsFor(subject, dataRoot));
  const { out } = await transport.run(script, { seconds: patience.script, onOutput });
  return { machine: out === "" ? undefined : machineFacts(out), clock };
}

/** As this machine resolves it: the host's own hosts file would not tell what visitors see. */
async function addressesOf({ host }: Subject): Promise<string[] | undefined> {
  const [written] = host.publicAddress;
  if (written === undefined || addressKind(written) !== "name") return undefined;
  return (await lookup(written, { all: true }).catch(() => [])).map(({ address }) => address);
}
