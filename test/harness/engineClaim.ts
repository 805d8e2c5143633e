import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDemoKnown } from "../../lab/demo/up.ts";
import { livingPid, markOf } from "../../lab/docker/processes.ts";
import { isLabImage } from "../../lab/images/images.ts";
import { LabError } from "../../lab/progress.ts";
import { imagesInUse, labelled } from "./containers.ts";
import { EngineClient } from "./engineClient.ts";

/** A volume that lasts as long as what it speaks for, even where the engine is killed with the test run. */
const usualClaim = "olympus-test-claim";
const OWNER = "olympus-test.owner";
const kinds = ["container", "network", "volume"] as const;
/** Containers take with them the volumes without a name that their images have asked for. */
const howToRemove = { container: ["--force", "--volumes"], network: [], volume: ["--force"] } as const;

/**
 * Takes an engine for the fleet of this process: physical names are fixed, so one fleet at a time can live there.
 * Waits while another test run has it. What a run that was killed has left is removed first: it is told by the claim
 * of a process that is gone, and by images that are all the lab's.
 *
 * @param claim of whom it is kept, default every test that uses this machine's engine
 * @throws LabError where a fleet is on it that tests have not made
 */
export async function claimEngine(dockerHost: string, claim = usualClaim): Promise<void> {
  const engine = new EngineClient(dockerHost);
  // Unlike an earlier claim of this same process, whose test has ended without giving the engine back.
  const me = `${await markOf(process.pid)} ${randomUUID()}`;
  let told: string | undefined;
  for (let silentSeconds = 0; ; ) {
    // Making a volume that exists changes nothing of it, so of two runs the first one's label stands.
    const made = await engine.tryDocker("volume", "create", "--label", `${OWNER}=${me}`, claim);
    const owner = await ownerOf(engine, claim);
    if (owner === me) break;
    if (owner === undefined) {
      // The engine is just being restarted, or was given back a moment ago.
      if (++silentSeconds > 120) throw new LabError(`The engine ${dockerHost} cannot be had: ${made.output}`);
    } else if (!(await isAlive(owner))) {
      await removeRemains(engine);
      await engine.docker("volume", "rm", claim);
    } else if (told !== owner) {
      console.error(`Waiting for the engine, which process ${owner.split(" ")[0]} has.`);
      told = owner;
    }
    await sleep(1_000);
  }
  const found = await fleetOn(engine);
  if (found.length === 0) return;
  await releaseEngine(dockerHost, claim);
  throw foreign(dockerHost, found);
}

/** Gives the engine back; the fleet is gone. */
export async function releaseEngine(dockerHost: string, claim = usualClaim): Promise<void> {
  await new EngineClient(dockerHost).tryDocker("volume", "rm", "--force", claim);
}

async function ownerOf(engine: EngineClient, claim: string): Promise<string | undefined> {
  const format = `{{index .Labels "${OWNER}"}}`;
  const { exitCode, output } = await engine.tryDocker("volume", "inspect", "--format", format, claim);
  return exitCode === 0 ? output.trim() : undefined;
}

async function isAlive(owner: string): Promise<boolean> {
  const pid = await livingPid(owner);
  return pid !== undefined && pid !== process.pid;
}

/** Names of everything that is labelled as a fleet's. */
async function fleetOn(engine: EngineClient): Promise<string[]> {
  return (await Promise.all(kinds.map((kind) => labelled(engine, kind)))).flat();
}

async function removeRemains(engine: EngineClient): Promise<void> {
  if (isDemoKnown() || !(await imagesInUse(engine)).every(isLabImage)) {
    throw foreign(engine.dockerHost, await fleetOn(engine));
  }
  for (const kind of kinds) {
    // Two files may find the same dead run at the same time, and each what the other is removing.
    for (let tries = 0; tries < 10; tries++) {
      const names = await labelled(engine, kind);
      if (names.length === 0) break;
      await engine.tryDocker(kind, "rm", ...howToRemove[kind], ...names);
    }
    const left = await labelled(engine, kind);
    if (left.length > 0) await engine.docker(kind, "rm", ...howToRemove[kind], ...left);
  }
}

function foreign(dockerHost: string, found: readonly string[]): LabError {
  return new LabError(
    `A fleet is on ${dockerHost} (${found.slice(0, 3).join(", ")}, …), and tests need the engine to themselves. ` +
      "Remove it with npm run demo -- down, or name another engine in DOCKER_HOST.",
  );
}
