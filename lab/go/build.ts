import { availableParallelism, totalmem } from "node:os";
import { execa } from "execa";
import pLimit from "p-limit";
import { run } from "../images/tools.ts";
import { LabError, Pace, step } from "../progress.ts";
import { buildArguments, environment, type GoBuild, listArguments } from "./flags.ts";

/**
 * How many compilations run at a time. Each uses every core that it can, two beside each other compile twice what they
 * share, and each takes up to 2 GiB for the largest packages and the linker: so one, but on large machines.
 */
export function compilationsAtATime(cores: number, memoryGiB: number): number {
  return Math.max(1, Math.min(Math.floor(cores / 4), Math.floor(memoryGiB / 4)));
}

/** A container's limit is what counts, where there is one. */
const memoryGiB = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 2 ** 30;
export const atATime = compilationsAtATime(availableParallelism(), memoryGiB);
const turns = pLimit(atATime);
const pace = new Pace();

/**
 * Compiles when it is its turn; until then it fetches sources, beside what others compile.
 *
 * @param what    for people: "kratos"
 * @param seconds that compiling takes on two idle cores where others have compiled what is shared
 */
export async function goBuild(what: string, seconds: number, build: GoBuild): Promise<void> {
  const where = { cwd: build.module, env: environment };
  await step(`fetching the Go modules of ${what}`, 20, () => run("go", listArguments(build), where));
  await turns(() => step(`compiling ${what}`, seconds, () => run("go", buildArguments(build), where), pace));
}

/**
 * Lets Go itself check that it is there and new enough for the module.
 *
 * @param instead what else the reader can do, after "Install it from …"
 */
export async function requireGo(
  module: string,
  instead = ", or put an official pulumi on PATH",
): Promise<void> {
  const remedy = `Install it from https://go.dev/dl${instead}`;
  const answer = await execa("go", ["env", "GOVERSION"], { cwd: module, env: environment, reject: false });
  if (answer.code === "ENOENT") throw new LabError(`Go is not on PATH. ${remedy}.`);
  if (answer.failed) throw new LabError(`Go is too old: ${lastLines(answer.stderr, 1)}. ${remedy}.`);
}

/** The version that a go.mod requires of a module. */
export function requiredVersion(goMod: string, module: string): string {
  const line = goMod.split("\n").find((text) =>
    text
      .trim()
      .replace(/^require /, "")
      .startsWith(`${module} v`),
  );
  const version = line?.match(/ (v\S+)/)?.[1];
  if (!version) throw new Error(`go.mod requires no ${module}`);
  return version;
}

/** The end of what a command wrote, without the list of downloads. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() && !line.startsWith("go: downloading "));
  return lines.slice(-count).join("\n");
}
