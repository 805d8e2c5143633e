import type { SshAccess } from "../../fleet/model.ts";

/** Options and target of an ssh call to a host, with its key pinned. */
export function sshArguments({ user, hostName, port, hostKey, identityFile }: SshAccess): string[] {
  const [type = ""] = hostKey.split(" ");
  const options = {
    BatchMode: "yes",
    ConnectTimeout: "10",
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: "/dev/null",
    GlobalKnownHostsFile: "/dev/null",
    KnownHostsCommand: `/bin/echo %H ${hostKey}`,
    HostKeyAlgorithms: type === "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : type,
    ...(identityFile !== undefined && { IdentityFile: identityFile, IdentitiesOnly: "yes" }),
  };
  return [
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...["-p", String(port), "-l", user, hostName],
  ];
}
