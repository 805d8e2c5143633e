import { existsSync } from "node:fs";
import { execa } from "execa";
import { LabError, step } from "../progress.ts";

/** Debian and Ubuntu packages by a program that each brings. */
const PROGRAMS = {
  "/usr/sbin/sshd": "openssh-server",
  "/usr/bin/ssh-agent": "openssh-client",
  "/usr/sbin/dockerd": "docker.io",
  "/usr/sbin/iptables": "iptables",
  "/usr/bin/ip": "iproute2",
} as const;

/** What package scripts start and enable services with, Debian's and Ubuntu's alike. */
const SERVICE_COMMANDS = [
  "/usr/sbin/invoke-rc.d",
  "/usr/sbin/update-rc.d",
  "/usr/bin/deb-systemd-invoke",
  "/usr/bin/deb-systemd-helper",
];

/** Whether this machine can carry hosts of the lab at all; else a {@link LabError} says what is missing. */
export function refuseUnsuitableMachine(): void {
  if (process.platform !== "linux") {
    throw new LabError("Lab hosts are Linux network namespaces: run this on Linux, or in a Linux VM.");
  }
  if (process.getuid?.() !== 0) {
    throw new LabError(
      "Lab hosts are network namespaces with engines of their own, which only root can make: run this as root.",
    );
  }
}

/** Installs what lab hosts run and this machine lacks. The machine's own sshd is neither started nor enabled. */
export async function ensurePackages(more: Readonly<Record<string, string>> = {}): Promise<void> {
  const missing = Object.entries({ ...PROGRAMS, ...more })
    .filter(([program]) => !existsSync(program))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  if (!existsSync("/usr/bin/apt-get")) {
    throw new LabError(
      `Lab hosts need ${missing.join(", ")}. Install them (names as in Debian), then retry.`,
    );
  }
  const what = `installing ${missing.join(", ")} from the distribution`;
  await step(what, 20, () => install(missing));
}

/**
 * Nobody asked for a way into this machine. In a mount namespace of its own the installation finds commands that
 * do nothing where it would start or enable services; there is nothing to undo, even when it is killed.
 */
const withoutServices = `set -e
for command in ${SERVICE_COMMANDS.join(" ")}; do
  [ ! -e "$command" ] || mount --bind /bin/true "$command"
done
exec apt-get install --yes --no-install-recommends "$@"`;

async function install(packages: readonly string[]): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, reject: false } as const;
  await execa("apt-get", ["update"], options);
  const command = ["--mount", "--propagation", "private", "sh", "-c", withoutServices, "apt-get"];
  const result = await execa("unshare", [...command, ...packages], options);
  if (result.exitCode === 0) return;
  throw new LabError(
    `Packages for lab hosts could not be installed: ${result.stderr.trim().split("\n").at(-1)}\n` +
      `Run: apt-get update && apt-get install ${packages.join(" ")}`,
  );
}
