import { execa } from "execa";
import { projectDir } from "../../lab/paths.ts";
import { fileBackend } from "../../lab/stack/backend.ts";
import type { FleetStack } from "../../lab/stack/fleetStack.ts";
import { ensurePulumi } from "../../lab/toolchain/pulumi.ts";
import type { DriftDocument } from "../../reports/drift/document.ts";

/** What `fleet drift` has printed, and how it ended. */
export interface Looked {
  readonly exitCode: number;
  readonly out: string;
}

/** Runs `fleet drift` as an operator would, with the lab's Pulumi on the PATH. */
export async function drift(
  { stack, folder }: { readonly stack: FleetStack; readonly folder: string },
  ...args: readonly string[]
): Promise<Looked> {
  const env = { ...(await ensurePulumi()).env, ...(await fileBackend(folder)) };
  const command = ["--import", "tsx", "cli/fleet.ts", "drift", "--stack", stack.name];
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [...command, "--config-file", stack.configFile, ...args],
    { cwd: projectDir, env, reject: false },
  );
  if (stderr !== "") throw new Error(stderr);
  return { exitCode: exitCode ?? -1, out: stdout };
}

/** What a look finds: exit code, and in words what drifted, by owner. */
export async function found(fleet: Parameters<typeof drift>[0]) {
  const { exitCode, out } = await drift(fleet, "--json");
  const document: DriftDocument = JSON.parse(out);
  const words: Record<string, string[]> = {};
  for (const one of document.drift) {
    const owner = one.owner.kind === "tenant" ? one.owner.name : `${one.owner.kind} ${one.owner.name}`;
    words[owner] = [...(words[owner] ?? []), one.words];
  }
  return { exitCode, words, document, out };
}
