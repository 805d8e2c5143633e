import type { Host } from "../../fleet/model.ts";
import { type Files, fault, hasWritten } from "../files.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** A host over SSH is known by its key; one of this machine has nothing to do with SSH. */
export const ssh: Rule = (files) =>
  [...files.hosts.values()].flatMap((host) =>
    host.ssh ? unknownKey(host, files) : needlessKeys(host, files),
  );

function unknownKey({ name, ssh: access }: Host, { config }: Files): Problem[] {
  const at = ["hosts", name, "hostKey"];
  // What is there and not sound has been reported.
  if (access === undefined || access.hostKey !== "" || hasWritten({ source: config.source }, at)) return [];
  const { hostName, port } = access;
  const scan = `ssh-keyscan -t ed25519${port === 22 ? "" : ` -p ${port}`} ${hostName}`;
  return [
    fault(config, at, {
      fault: "is missing: without it anybody on the way could answer as this host",
      remedy:
        "Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub on the host; " +
        `what \`${scan}\` shows must be the same.`,
    }),
  ];
}

function needlessKeys({ name }: Host, { config }: Files): Problem[] {
  return ["hostKey", "identityFile"].flatMap((key) => {
    const at = ["hosts", name, key];
    if (!hasWritten(config, at)) return [];
    const remedy = "Remove the line, or write address: ssh://user@host.";
    return [fault(config, at, { fault: "is for hosts over SSH, and this one is this machine", remedy })];
  });
}
