import { lookup } from "node:dns/promises";
import { hasImage } from "../../fleet/doctor/checks/images.ts";
import {
  type EngineAnswers,
  type EngineFacts,
  engineFacts,
  enginePaths,
} from "../../fleet/doctor/facts/engine.ts";
import { answered, type HostFacts, type ImageAnswer } from "../../fleet/doctor/facts/facts.ts";
import { type MachineFacts, machineFacts } from "../../fleet/doctor/facts/machine.ts";
import { type Reach, reachFailure } from "../../fleet/doctor/facts/reach.ts";
import { questionsFor } from "../../fleet/doctor/questions.ts";
import { imagesOf, type Subject } from "../../fleet/doctor/subject.ts";
import { addressKind } from "../../fleet/file/machine.ts";
import { probeScript } from "../../fleet/render/probe.ts";
import { EngineApi, EngineSilent } from "./engineApi.ts";
import { finished, type Transport, transportTo } from "./transport.ts";

/** Seconds that each step may take; the script has limits of its own that end before. */
const patience = { reach: 30, engine: 20, image: 25, script: 90 } as const;

/** Asks a host everything, one step after another: each needs the one before. */
export async function factsOf(subject: Subject): Promise<HostFacts> {
  const transport = transportTo(subject);
  const isFar = subject.host.ssh !== undefined;
  const sshVersion = isFar ? await versionOfSsh() : undefined;
  const reach: Reach = isFar ? await reachOf(transport) : { kind: "here" };
  const nothing = { reach, sshVersion, engine: { silence: "" }, images: new Map() };
  if (reach.kind !== "in" && reach.kind !== "here") return nothing;

  const api = new EngineApi(() => transport.engine());
  try {
    const engine = await askEngine(api);
    const found = answered(engine);
    const [probe, images, resolved] = await Promise.all([
      runProbe(subject, transport, found?.info.DockerRootDir),
      found === undefined ? new Map<string, ImageAnswer>() : askForImages(api, subject, found),
      addressesOf(subject),
    ]);
    return { ...nothing, engine, images, resolved, ...probe };
  } finally {
    api.close();
  }
}

async function versionOfSsh(): Promise<string | undefined> {
  const { err } = await finished("ssh", ["-V"], { seconds: 5 });
  return /OpenSSH_(?:for_Windows_)?(\d+\.\d+)/.exec(err)?.[1];
}

async function reachOf(transport: Transport): Promise<Reach> {
  const { code, err } = await transport.run("exit 0\n", patience.reach);
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
  const { out } = await transport.run(
    probeScript(questionsFor(subject, dataRoot)),
    patience.script,
    (piece) => {
      const [, seconds] = /^clock=(\d+)$/m.exec(piece) ?? [];
      // The host looked at its clock at some time between the start and now, and told whole seconds.
      if (seconds !== undefined)
        clock ??= { least: Number(seconds) - Date.now() / 1000, most: Number(seconds) + 1 - started };
    },
  );
  const machine: MachineFacts | undefined = out === "" ? undefined : machineFacts(out);
  return { machine, clock };
}

/** Docker asks a registry for an image without pulling it. Podman has no such call, and nothing is known then. */
async function askForImages(
  api: EngineApi,
  subject: Subject,
  { images }: EngineFacts,
): Promise<Map<string, ImageAnswer>> {
  const missing = imagesOf(subject).filter((image) => !hasImage(images, image));
  const answers = await Promise.all(
    missing.map(async (image) => [image, await askForImage(api, image)] as const),
  );
  return new Map(answers.flatMap(([image, answer]) => (answer === undefined ? [] : [[image, answer]])));
}

async function askForImage(api: EngineApi, image: string): Promise<ImageAnswer | undefined> {
  try {
    const { status, body } = await api.get(`/distribution/${image}/json`, patience.image);
    if (status === 200) return { platforms: platformsOf(body) };
    const message =
      typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
    return status === 404 && !/manifest|not found|unknown/i.test(message) ? undefined : { status, message };
  } catch (error) {
    if (error instanceof EngineSilent) return { status: 0, message: error.message };
    throw error;
  }
}

function platformsOf(body: unknown): string[] {
  const listed =
    typeof body === "object" && body !== null && "Platforms" in body ? body.Platforms : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((platform: { os?: unknown; architecture?: unknown }) =>
    typeof platform.os === "string" && platform.os !== ""
      ? [`${platform.os}/${String(platform.architecture)}`]
      : [],
  );
}

/** As this machine resolves it: the host's own hosts file would not tell what visitors see. */
async function addressesOf({ host }: Subject): Promise<string[] | undefined> {
  const [written] = host.publicAddress;
  if (written === undefined || addressKind(written) !== "name") return undefined;
  return (await lookup(written, { all: true }).catch(() => [])).map(({ address }) => address);
}
