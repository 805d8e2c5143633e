import { execa } from "execa";
import { projectDir } from "../../lab/paths.ts";
import { fileBackend } from "../../lab/stack/backend.ts";
import type { FleetStack } from "../../lab/stack/fleetStack.ts";
import { ensurePulumi } from "../../lab/toolchain/pulumi.ts";
import type { DriftDocument } from "../../reports/drift/document.ts";
import type { StatusDocument } from "../../reports/status/document.ts";

/** What a command of `fleet` has printed, and how it ended. */
export interface Looked {
  readonly exitCode: number;
  readonly out: string;
}

interface Stack {
  readonly stack: FleetStack;
  readonly folder: string;
}

const argumentsOf = ({ stack }: Stack, args: readonly string[]) => [
  ...["--import", "tsx", "cli/fleet.ts", ...args],
  ...["--stack", stack.name, "--config-file", stack.configFile],
];

/** Runs a command of `fleet` as an operator would, with the lab's Pulumi on the PATH. */
export async function run(
  stack: Stack,
  ...args: readonly string[]
): Promise<Looked & { readonly err: string }> {
  const env = { ...(await ensurePulumi()).env, ...(await fileBackend(stack.folder)) };
  const { exitCode, stdout, stderr } = await execa(process.execPath, argumentsOf(stack, args), {
    cwd: projectDir,
    env,
    reject: false,
    stripFinalNewline: false,
  });
  return { exitCode: exitCode ?? -1, out: stdout, err: stderr };
}

async function command(stack: Stack, ...args: readonly string[]): Promise<Looked> {
  const { exitCode, out, err } = await run(stack, ...args);
  if (err !== "") throw new Error(err);
  return { exitCode, out: out.replace(/\n$/, "") };
}

export const drift = (stack: Stack, ...args: readonly string[]) => command(stack, "drift", ...args);

export const rotate = (stack: Stack, ...args: readonly string[]) => command(stack, "rotate", ...args);

/** Kills it hard once it has printed something; what it has printed by then. */
export async function rotateUntil(stack: Stack, words: RegExp, ...args: readonly string[]): Promise<string> {
  const options = { cwd: projectDir, reject: false, all: true } as const;
  const child = execa(process.execPath, argumentsOf(stack, ["rotate", ...args]), options);
  let printed = "";
  child.all.on("data", (piece) => {
    printed += piece;
    if (words.test(printed)) child.kill("SIGKILL");
  });
  await child;
  return printed;
}

/** What `fleet status` says, as programs read it. */
export async function status(stack: Stack, ...args: readonly string[]) {
  const { exitCode, out } = await command(stack, "status", "--json", ...args);
  const document: StatusDocument = JSON.parse(out);
  return { exitCode, document, out };
}

/** What a look finds: exit code, and in words what drifted, by owner. */
export async function found(fleet: Stack) {
  const { exitCode, out } = await drift(fleet, "--json");
  const document: DriftDocument = JSON.parse(out);
  const words: Record<string, string[]> = {};
  for (const one of document.drift) {
    const owner = one.owner.kind === "tenant" ? one.owner.name : `${one.owner.kind} ${one.owner.name}`;
    words[owner] = [...(words[owner] ?? []), one.words];
  }
  return { exitCode, words, document, out };
}
