import type { Host } from "../fleet/model.ts";
import { engines } from "../hosts/engines.ts";
import type { Printed } from "../hosts/run.ts";
import { isUnreached, sshFault, versionScript } from "../hosts/ssh/fault.ts";
import { isSshHost } from "../hosts/ssh/ssh.ts";
import type { Transport } from "../hosts/transport.ts";

/** Ten seconds for a host that is gone, and as many for its engine. */
const seconds = 40;

/**
 * Why a host has not said what it was asked for, in words for people. Asks once more for no more than the engine's version.
 *
 * @param told what the first script has printed
 */
export async function silenceOf(host: Host, transport: Transport, told: Printed): Promise<string> {
  if (isSshHost(host)) {
    const printed = isUnreached(told.code) ? told : await transport.run(versionScript(host), { seconds });
    return sshFault(host, printed) ?? lastLine(printed.err);
  }
  const { err } = await transport.run(`${engines[host.engine].prelude}docker version\n`, { seconds });
  return lastLine(err);
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) || "it says nothing";
