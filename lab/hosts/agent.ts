import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { type BackgroundProcess, start } from "./background.ts";
import type { Claim } from "./ledger.ts";

/** An ssh-agent that holds one key. */
export interface SshAgent {
  /** For SSH_AUTH_SOCK. */
  readonly socket: string;
  stop(): Promise<void>;
}

/** Starts an agent of the site's and gives it the key in `identityFile`. */
export async function startAgent(claim: Claim, name: string, identityFile: string): Promise<SshAgent> {
  const socket = join(claim.folder, `${name}.sock`);
  const agent: BackgroundProcess = await start(claim, name, join(claim.folder, `${name}.log`), [
    ...["ssh-agent", "-D", "-a", socket],
  ]);
  const add = () => execa("ssh-add", ["-q", identityFile], { env: { SSH_AUTH_SOCK: socket }, reject: false });
  for (let tenths = 0; tenths < 50; tenths++) {
    if ((await add()).exitCode === 0) return { socket, stop: () => agent.stop() };
    await sleep(100);
  }
  throw new Error(`ssh-agent did not take ${identityFile}. ${await agent.complaint()}`);
}
