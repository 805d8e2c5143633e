import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { plannedFleet } from "../../backends/docker/fleetPlan.ts";
import { defaults } from "../../files/defaults.ts";
import { FleetProblems, loadFleet, stackFileValues } from "../../files/load.ts";
import type { Problem } from "../../files/problem.ts";
import { readYaml } from "../../files/source.ts";
import type { Side } from "../../reports/plan/document.ts";
import type { Revision } from "../git.ts";

/** Where the files of a project are read from: the folder as it is, or a revision of it. */
export interface Files {
  /** Put in front of file names in messages: `origin/main:`. */
  readonly label: string;
  readonly read: (path: string) => string | undefined;
  readonly names: readonly string[];
}

export function folderFiles(project: string): Files {
  const read = (path: string) => {
    try {
      return readFileSync(resolve(project, path), "utf8");
    } catch {
      return undefined;
    }
  };
  return { label: "", read, names: readdirSync(project) };
}

export function revisionFiles({ name, read, names }: Revision): Files {
  return { label: `${name}:`, read, names };
}

/** What a command says in a folder that is no project, or one without a stack yet. */
export const noStack =
  "There is no Pulumi.<stack>.yaml that names hosts. Copy Pulumi.prod.yaml and write olympus:hosts, or name the project's folder: --cwd FOLDER.";

const stackFile = (stack: string) => `Pulumi.${stack}.yaml`;

/** Stacks with a file that names hosts; others belong to other programs, or are not filled in yet. */
export function stacksOf({ names, read }: Files): string[] {
  return (
    names
      .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
      // In whatever way it is written, JSON too, but not in a comment; the text may not be YAML.
      .filter((stack) => /^[^#\n]*\bolympus:hosts["']?\s*:/m.test(read(stackFile(stack)) ?? ""))
      .sort()
  );
}

/**
 * The stack's fleet in one state of the files. Undefined when that state has no such stack.
 * @param now for windows of rings that are over, which are refused then; what somebody only asks about is not
 */
export function side(stack: string, files: Files, now?: Date): Side {
  const file = stackFile(stack);
  const text = files.read(file);
  if (text === undefined) return undefined;
  const configSource = { file: `${files.label}${file}`, text };
  // Pulumi's CLI would say this; offline nobody else does.
  const syntax = readYaml(configSource).problems;
  if (syntax.length > 0) {
    return { problems: syntax.map((found) => ({ ...found, path: found.path.replace(/^config\./, "") })) };
  }
  const { config, secretKeys, secretFaults } = stackFileValues(configSource);
  const tenants = fileOf(files, config.tenantsFile, defaults.stack.tenantsFile);
  const releases = fileOf(files, config.releasesFile, defaults.stack.releasesFile);
  const [tenantsText, releasesText] = [tenants.text, releases.text];
  if (tenantsText === undefined || releasesText === undefined) {
    return {
      problems: [tenants, releases]
        .filter((one) => one.text === undefined)
        .map(({ file: name }) => missing(name)),
    };
  }
  const load = (secrets: readonly string[]) =>
    loadFleet({
      stack,
      config,
      configSource,
      tenants: { file: tenants.file, text: tenantsText },
      releases: { file: releases.file, text: releasesText },
      schemaTexts: files.read,
      label: files.label,
      secretKeys: secrets,
      secretFaults,
      now,
    });
  try {
    return { planned: plannedFleet(load(secretKeys)) };
  } catch (error) {
    if (!(error instanceof FleetProblems)) throw error;
    const keys = error.problems.map(({ missingSecret }) => missingSecret);
    const missing = keys.filter((key) => key !== undefined);
    if (missing.length < keys.length) return { problems: error.problems };
    return { planned: plannedFleet(load([...secretKeys, ...missing])), missing: error.problems };
  }
}

function fileOf(files: Files, written: unknown, usual: string): { file: string; text: string | undefined } {
  // What is no path is refused with the rest of the stack's configuration.
  const path = typeof written === "string" && written !== "" ? written : usual;
  return { file: `${files.label}${path}`, text: files.read(path) };
}

function missing(file: string): Problem {
  return {
    path: file,
    fault: "cannot be read",
    remedy: "Write the file, or name another in the stack's configuration.",
  };
}
