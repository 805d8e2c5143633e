import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

/** The rule that keeps tenants from the host's own services, as the kernel prints it. */
export const inputRule = "-A OLYMPUS-INPUT -i oly-+ -m conntrack --ctdir ORIGINAL -j DROP";

/** Takes that rule out of one of the two tables that have it, as somebody does by hand. */
export const withoutInputRule = ["iptables", "-t", "mangle", ...inputRule.replace("-A", "-D").split(" ")];

/**
 * All rules of the host, IPv4 and IPv6, seen by a container of our own: no root needed, and no fleet.
 *
 * @param image with iptables
 */
export async function hostRules(dockerHost: string, image: string): Promise<string> {
  const rights = ["--network", "host", "--user", "0:0", "--cap-drop", "ALL", "--cap-add", "NET_ADMIN"];
  const script = "iptables-save && ip6tables-save";
  const command = ["run", "--rm", ...rights, "--entrypoint", "sh", image, "-c", script];
  return (await execa("docker", command, { env: { DOCKER_HOST: dockerHost } })).stdout;
}

/** Seconds until the rule is there, in both of its IPv4 tables and both of IPv6. */
export async function secondsUntilRuled(
  dockerHost: string,
  image: string,
  patience: number,
): Promise<number> {
  const start = Date.now();
  const seconds = () => (Date.now() - start) / 1000;
  while (seconds() < patience) {
    const rules = (await hostRules(dockerHost, image)).split("\n");
    if (rules.filter((rule) => rule === inputRule).length === 4) return seconds();
    await sleep(500);
  }
  throw new Error(`the firewall's rules are not there after ${patience} s`);
}
