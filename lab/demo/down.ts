import { rm } from "node:fs/promises";
import { execa } from "execa";
import { ensureDocker, stopDocker } from "../docker/engine.ts";
import { removeFleet } from "../docker/fleetRemains.ts";
import { stopRegistry } from "../docker/registry.ts";
import { isLabImage } from "../images/images.ts";
import { LabError, say, step } from "../progress.ts";
import { demoDir, isDemoKnown, openDemo } from "./up.ts";

/** Images of the lab that the engine has pulled; they are in the lab's registry too, so this loses nothing. */
async function removeLabImages(dockerHost: string): Promise<void> {
  const env = { DOCKER_HOST: dockerHost };
  const { stdout } = await execa("docker", ["images", "--no-trunc", "--format", "{{.Repository}} {{.ID}}"], {
    env,
  });
  const ids = stdout.split("\n").flatMap((line) => {
    const [repository = "", id = ""] = line.split(" ");
    return isLabImage(repository) ? [id] : [];
  });
  if (ids.length > 0) await execa("docker", ["rmi", "--force", ...new Set(ids)], { env, reject: false });
}

/** Removes the demo: its tenants with their data, its state, and what the lab has started. The cache stays. */
export async function down(): Promise<void> {
  if (isDemoKnown()) {
    const engine = await ensureDocker();
    const stack = await openDemo({});
    const destroy = (...args: string[]) =>
      step("pulumi destroy", 20, () => stack.destroy({ show: true, args }));
    let result = await destroy();
    // What a run that was killed has left may stand in the way of the rest.
    await removeFleet(engine.host);
    if (result.exitCode !== 0) result = await destroy("--refresh");
    if (result.exitCode !== 0) {
      throw new LabError("pulumi destroy has failed; its message is above. Mend the cause and run it again.");
    }
    await stack.remove();
    await removeLabImages(engine.host);
    await rm(demoDir, { recursive: true, force: true });
  } else {
    say("There is no demo on this machine.");
  }
  if (await stopRegistry()) say("The lab's image registry has stopped.");
  if (await stopDocker()) say("The Docker engine that the lab had started has stopped.");
}
