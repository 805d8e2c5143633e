import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { visible } from "../fleet/visible.ts";
import { type Command, exitCodes, type Terminal, UsageError } from "./command.ts";

/** Loaded when asked for: the offline plan must not pay for Pulumi. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import("./doctor/doctor.ts")).doctor,
  drift: async () => (await import("./drift/drift.ts")).drift,
  plan: async () => (await import("./plan/plan.ts")).plan,
  release: async () => (await import("./release/release.ts")).release,
  rotate: async () => (await import("./rotate/rotate.ts")).rotate,
  status: async () => (await import("./status/status.ts")).status,
};

async function help(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(10)}${(await load()).summary}`),
  );
  return ["usage: npm run fleet -- [--cwd FOLDER] <command> [options]", "", ...lines, ""].join("\n");
}

/** `--cwd FOLDER` in front of the command: another project than the one that this file belongs to. */
function projectOf(args: readonly string[]): { project: string; rest: readonly string[] } {
  const [first, folder, ...rest] = args;
  if (first !== "--cwd") return { project: join(import.meta.dirname, ".."), rest: args };
  if (folder === undefined) throw new UsageError("--cwd needs a folder.");
  const project = resolve(folder);
  if (!statSync(project, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(
      `--cwd ${folder}: there is no such folder. Write the project's, where tenants.yaml is.`,
    );
  }
  return { project, rest };
}

const colour = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`);

/** Whatever a file, a host or a registry has put into a text: of what steers a terminal only our own colours go out. */
const seen = (text: string) =>
  text
    .split(colour)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join("");

function terminalOf(project: string): Terminal {
  const { stdout, stderr, env } = process;
  return {
    project,
    width: stdout.columns ?? (Number(env.COLUMNS) || 120),
    hasColor: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
    out: (text) => stdout.write(seen(text)),
    err: (text) => stderr.write(seen(text)),
  };
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const { project, rest } = projectOf(args);
    const [name, ...options] = rest;
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      process.stdout.write(await help());
      return name === undefined ? exitCodes.usage : exitCodes.fine;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined) {
      throw new UsageError(`${name} is not a command. Write one of: ${Object.keys(commands).join(", ")}.`);
    }
    return await (await load()).run(options, terminalOf(project));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(seen(`${error.message}\n`));
    return exitCodes.usage;
  }
}

// Who reads no further ends no command in the middle: a file that it writes is written whole.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
process.exitCode = await main(process.argv.slice(2));
