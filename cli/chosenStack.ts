import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Side } from "../reports/plan/document.ts";
import { UsageError } from "./command.ts";
import { type Files, folderFiles, noStack, side, stacksOf } from "./plan/sides.ts";

/** Which stack a command line means. */
export interface StackOptions {
  /** As Pulumi takes it; undefined where there is only one. */
  readonly stack: string | undefined;
  readonly configFile: string | undefined;
}

/** The stack that is meant, and what its files say now. */
export interface ChosenStack {
  /** As Pulumi takes it, `we/prod`. */
  readonly stack: string;
  /** Whole path; undefined for Pulumi's own choice. */
  readonly configFile: string | undefined;
  readonly side: NonNullable<Side>;
  /** Where they were read from. */
  readonly files: Files;
}

/** @throws UsageError when it cannot be told which stack is meant, or it has no configuration */
export function chosenStack(project: string, { stack, configFile }: StackOptions): ChosenStack {
  const known = stacksOf(folderFiles(project));
  const only = known.length === 1 ? known[0] : undefined;
  const chosen = stack ?? only;
  if (chosen === undefined) throw new UsageError(whichStack(known));
  const name = chosen.split("/").at(-1) ?? chosen;
  const path = configFile && resolve(process.env.INIT_CWD ?? ".", configFile);
  const files = filesOf(project, name, path);
  const found = side(name, files);
  if (found === undefined) {
    throw new UsageError(
      path === undefined
        ? `--stack ${chosen}: there is no Pulumi.${name}.yaml. Stacks here: ${known.join(", ")}.`
        : `--config-file ${configFile}: cannot be read.`,
    );
  }
  return { stack: chosen, configFile: path, side: found, files };
}

const whichStack = (known: readonly string[]) =>
  known.length === 0 ? noStack : `Which stack? Write --stack with one of: ${known.join(", ")}.`;

/** As Pulumi reads them: paths may be whole ones, and the configuration may lie elsewhere. */
function filesOf(project: string, stack: string, configFile: string | undefined): Files {
  const read = (path: string) => {
    const isConfig = configFile !== undefined && path === `Pulumi.${stack}.yaml`;
    try {
      return readFileSync(isConfig ? configFile : resolve(project, path), "utf8");
    } catch {
      return undefined;
    }
  };
  return { label: "", names: [], read };
}
