import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { child, keysOf } from "../../files/path.ts";
import { problemLine } from "../../files/problem.ts";
import { isPinned, locationOf, type Pin, pinned, pinsOf } from "../../files/release/pinning.ts";
import { readYaml } from "../../files/source.ts";
import { didYouMean } from "../../files/suggestion.ts";
import { type Command, exitCodes, orUsage, type Terminal, UsageError } from "../command.ts";
import { digestOf, RegistryFault } from "./imageRegistry.ts";

const usage = `usage: npm run fleet -- release pin RELEASE [--check] [--file releases.yaml]

Asks the image registries for the digest behind each tag of the release and of hostImages, and writes it behind the tag.
Nothing is written unless all answered. What has a digest stays.

  --check       writes nothing; exit code 1 when a digest is missing
  --file PATH   default: releases.yaml
`;

/** Changes the release file. */
export const release: Command = {
  summary: "pin RELEASE: write the digests behind its tags into releases.yaml",
  run: async (args, terminal) => {
    const { values, positionals } = parsed(args);
    const [action, name, ...more] = positionals;
    if (values.help) {
      terminal.out(usage);
      return exitCodes.fine;
    }
    if (action !== "pin") throw new UsageError(`release ${action ?? ""}: write release pin.\n\n${usage}`);
    if (name === undefined || more.length > 0) {
      throw new UsageError(`release pin: write the name of one release.\n\n${usage}`);
    }
    return pin(terminal, name, values.file ?? "releases.yaml", values.check ?? false);
  },
};

const parsed = (args: readonly string[]) =>
  orUsage(usage, () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean" },
        file: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }),
  );

async function pin(terminal: Terminal, name: string, file: string, isCheck: boolean): Promise<number> {
  const path = resolve(terminal.project, file);
  const text = read(path, file);
  const { source, problems } = readYaml({ file, text });
  if (problems.length > 0) {
    for (const problem of problems) terminal.err(`${problemLine(problem)}\n`);
    terminal.err(`${file}: nothing written.\n`);
    return exitCodes.problems;
  }
  const pins = pinsOf(text, name);
  if (pins === undefined)
    throw new UsageError(noRelease(file, name, keysOf(child(source.value, "releases"))));
  const open = pins.filter(({ reference }) => !isPinned(reference));
  const answers = await Promise.all(open.map(answer));
  const failures = answers.filter((one) => "fault" in one);
  for (const { pin: at, fault } of failures) terminal.err(`${at.path}: ${at.reference}: ${fault}\n`);
  const digests = new Map(
    answers.flatMap((one) => ("digest" in one ? [[one.pin.reference, one.digest] as const] : [])),
  );
  for (const { path: at, reference } of open) {
    const digest = digests.get(reference);
    if (digest !== undefined) terminal.out(`${at}: ${reference}@${digest}\n`);
  }
  if (failures.length > 0) {
    terminal.err(`${file}: nothing written.\n`);
    return exitCodes.problems;
  }
  if (open.length === 0) terminal.out(`${file}: release ${name} and hostImages are pinned already.\n`);
  else if (isCheck) terminal.err(`${file}: ${open.length} of ${pins.length} images have no digest.\n`);
  else replace(path, pinned(text, pins, digests));
  return isCheck && open.length > 0 ? exitCodes.problems : exitCodes.fine;
}

function noRelease(file: string, name: string, known: readonly string[]): string {
  const others = known.length === 0 ? "The file has none." : `Write one of: ${known.join(", ")}.`;
  return `${file}: there is no release ${name}. ${didYouMean(name, known, others)}`;
}

type Answer = { readonly pin: Pin; readonly digest: string } | { readonly pin: Pin; readonly fault: string };

async function answer(at: Pin): Promise<Answer> {
  const location = locationOf(at.reference);
  if (location === undefined) return { pin: at, fault: "is not an image with a tag" };
  try {
    return { pin: at, digest: await digestOf(location) };
  } catch (error) {
    if (error instanceof RegistryFault) return { pin: at, fault: error.message };
    throw error;
  }
}

function read(path: string, file: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`${file}: cannot be read. Write --file with the path of the release file.`);
  }
}

/** Whole or not at all: anyone who reads the file meanwhile sees the old one. */
function replace(path: string, text: string): void {
  const candidate = `${path}.${process.pid}.new`;
  try {
    writeFileSync(candidate, text, { mode: statSync(path).mode });
    renameSync(candidate, path);
  } catch (error) {
    rmSync(candidate, { force: true });
    throw error;
  }
}
