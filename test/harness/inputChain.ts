import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

export const inputRule = "-A INPUT -i oly-+ -m conntrack --ctstate NEW -j DROP";

/**
 * The host's INPUT chain, seen by a container of our own: no root needed, and no fleet.
 *
 * @param image with iptables
 */
export async function hostInputChain(dockerHost: string, image: string): Promise<string> {
  const rights = ["--network", "host", "--user", "0:0", "--cap-drop", "ALL", "--cap-add", "NET_ADMIN"];
  const command = ["run", "--rm", ...rights, "--entrypoint", "iptables", image, "-S", "INPUT"];
  return (await execa("docker", command, { env: { DOCKER_HOST: dockerHost } })).stdout;
}

/** Seconds until the rule is there. */
export async function secondsUntilRuled(
  dockerHost: string,
  image: string,
  patience: number,
): Promise<number> {
  const start = Date.now();
  const seconds = () => (Date.now() - start) / 1000;
  while (seconds() < patience) {
    if ((await hostInputChain(dockerHost, image)).includes(inputRule)) return seconds();
    await sleep(500);
  }
  throw new Error(`no rule on INPUT after ${patience} s`);
}
