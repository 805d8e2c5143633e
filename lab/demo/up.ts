import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDocker } from "../docker/engine.ts";
import { ensureRegistry } from "../docker/registry.ts";
import { ensureImages } from "../images/images.ts";
import { projectDir, stateDir } from "../paths.ts";
import { LabError, say, step } from "../progress.ts";
import { chosenBackend, fileBackend } from "../stack/backend.ts";
import { FleetStack } from "../stack/fleetStack.ts";
import { imagesOf, labReleases, unreachableImages } from "../stack/releases.ts";
import { ensurePulumi } from "../toolchain/pulumi.ts";
import type { DemoOptions } from "./options.ts";
import { checkPorts } from "./ports.ts";
import { silence, silentTenants } from "./silence.ts";
import { welcome } from "./welcome.ts";

export const demoDir = join(stateDir, "demo");
const stackName = "demo";

/** The demo's stack, with the user's own backend if there is one. */
export async function openDemo(config: Readonly<Record<string, unknown>>): Promise<FleetStack> {
  const toolchain = await ensurePulumi();
  const env = { ...process.env, ...toolchain.env };
  const chosen = chosenBackend(env);
  if (chosen) say(`Pulumi keeps its state where you chose: ${chosen}`);
  const backend = chosen ? {} : await fileBackend(demoDir);
  return FleetStack.open({ name: stackName, folder: demoDir, toolchain, backend, config });
}

/** Path of the release file to use: the project's own when its images can be had, else one with the lab's. */
async function chooseReleases(images: DemoOptions["images"], dockerHost: string): Promise<string> {
  const own = join(projectDir, "releases.yaml");
  const text = readFileSync(own, "utf8");
  if (images !== "lab") {
    const missing = await step("asking the image registries", 5, () =>
      unreachableImages(imagesOf(text), dockerHost),
    );
    if (missing.length === 0) return own;
    if (images === "release") {
      throw new LabError(
        `These images cannot be had: ${missing.join(", ")}. Sign in with docker login, or leave --images out.`,
      );
    }
    say(`  ${missing.length} of the release's images cannot be had from here; the lab's take their place`);
  }
  const built = await ensureImages(await ensureRegistry());
  const file = join(demoDir, "releases.yaml");
  await mkdir(demoDir, { recursive: true, mode: 0o700 });
  await writeFile(file, labReleases(text, built));
  return file;
}

export async function up({ httpPort, httpsPort, images }: DemoOptions): Promise<void> {
  const start = Date.now();
  const engine = await ensureDocker();
  await checkPorts([httpPort, httpsPort], engine.host);
  // Side by side: neither needs the other.
  const [releasesFile] = await Promise.all([chooseReleases(images, engine.host), ensurePulumi()]);
  const stack = await openDemo({
    releasesFile,
    hosts: {
      local: { address: engine.host, memory: "8GiB", httpPort, httpsPort, inputRule: "report" },
    },
  });
  // With a refresh, so that a demo whose containers somebody has removed comes back by the same command.
  const result = await step("pulumi up", 30, () =>
    stack.up({ show: true, args: ["--refresh", "--parallel", "32"] }),
  );
  if (result.exitCode !== 0) {
    throw new LabError(
      "pulumi up has failed; its message is above. Mend the cause and run npm run demo again.",
    );
  }
  const outputs = await stack.outputs();
  const silent = await silentTenants(outputs, httpsPort);
  if (silent.length > 0) throw new LabError(silence(silent));
  process.stdout.write(`${welcome(outputs, (Date.now() - start) / 1000)}\n`);
}

export const isDemoKnown = () => existsSync(join(demoDir, `Pulumi.${stackName}.yaml`));
