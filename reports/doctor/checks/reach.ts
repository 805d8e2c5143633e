import type { SshAccess } from "../../../fleet/model.ts";
import { fingerprint } from "../../../hosts/ssh/hostKey.ts";
import type { Reach } from "../../../hosts/ssh/reach.ts";
import { Findings, here, inFile, onHost, type Remedy } from "../finding.ts";
import { hostLines, type Subject } from "../subject.ts";
import type { Check } from "./check.ts";

/** The host lets the program in, and is the host that was meant. */
export const reach: Check = (subject, { reach: outcome }) => {
  const findings = new Findings("reach");
  const { ssh: access } = subject.host;
  if (access === undefined) return findings.ok("an engine of this machine").list;
  if (outcome.kind === "in" || outcome.kind === "here") {
    return findings.ok(`signs in as ${access.user}, with the pinned host key`).list;
  }
  const [found, why, remedy] = fault(subject, access, outcome);
  return findings.error(found, why, remedy).list;
};

type Fault = readonly [found: string, why: string, remedy: Remedy];

const hostKeyFile = "/etc/ssh/ssh_host_ed25519_key.pub";
const nothingWorks = "Nothing can be done to the host, and what runs there goes on alone.";

function fault(subject: Subject, access: SshAccess, outcome: Reach): Fault {
  const { user, hostName, port, identityFile } = access;
  const target = `${port === 22 ? "" : `-p ${port} `}${user}@${hostName}`;
  const verbose = here(`ssh -v ${target} true`);
  switch (outcome.kind) {
    case "no-client":
      return [
        "there is no ssh command on this machine",
        "Hosts are reached with OpenSSH's own client, so that agents, jump hosts and hardware keys work.",
        here("sudo apt-get install openssh-client"),
      ];
    case "old-client":
      return [
        "the ssh command of this machine is older than 8.5",
        "It cannot be told which single key a host may show.",
        here("ssh -V", "sudo apt-get install openssh-client"),
      ];
    case "other-key":
      return [
        `shows another ${outcome.type} key (${outcome.fingerprint}) than the pinned one (${fingerprint(access.hostKey)})`,
        "The machine was made again, or somebody answers in its place. It was not signed in to.",
        {
          ...onHost(`ssh-keygen -l -f ${hostKeyFile}`, `cut -d ' ' -f 1,2 ${hostKeyFile}`),
          words: "On its own console: if the fingerprint is the new one, write the key as hostKey",
        },
      ];
    case "no-such-key":
      return [
        `has no ${access.hostKey.split(" ")[0]} key, only ${outcome.offered}`,
        "The pinned key is the only proof that this is the host.",
        {
          ...onHost(`cut -d ' ' -f 1,2 ${hostKeyFile}`),
          words: "On its own console; write what it prints as hostKey",
        },
      ];
    case "identity-file":
      return [
        /UNPROTECTED/.test(outcome.words) ? "others may read the key to sign in with" : outcome.words,
        "The program signs in with this key.",
        here(`ls -l ${identityFile ?? "~/.ssh"}`, `chmod 600 ${identityFile ?? "~/.ssh/id_ed25519"}`),
      ];
    case "denied":
      return [
        `does not let ${user} in (${outcome.methods})`,
        "No key that this machine offers is among those that may sign in.",
        identityFile === undefined
          ? here("ssh-add -l", `ssh-copy-id ${target}`)
          : here(`ssh-copy-id -i ${identityFile}.pub ${target}`),
      ];
    case "too-many-keys":
      return [
        "was offered more keys than it looks at",
        "The agent offers all it holds, and the right one comes too late.",
        inFile("In the stack's file name the key", ...hostLines(subject, "identityFile: ~/.ssh/id_ed25519")),
      ];
    case "name":
      return [
        `${hostName} has no address`,
        nothingWorks,
        {
          ...here(`getent hosts ${hostName}`),
          words: "If the name is right, ask for its DNS; else correct address",
        },
      ];
    case "refused":
      return [
        `nothing listens at port ${port}`,
        nothingWorks,
        onHost("sudo systemctl enable --now ssh", "ss -ltn"),
      ];
    case "silent":
      return [
        "does not answer in time",
        "It is down, or a firewall on the way swallows what is sent.",
        {
          ...here(`nc -vz -w 5 ${hostName} ${port}`),
          words: "If it is down for good: docs/runbooks/host-gone.md",
        },
      ];
    case "unroutable":
      return [
        outcome.words.toLowerCase(),
        "This machine knows no way to it: a VPN may be off.",
        here(`ip route get ${hostName}`),
      ];
    case "dropped":
      return [
        "closes the connection before it says who it is",
        "sshd has too many half-open connections (MaxStartups), punishes this address, or is not sshd.",
        onHost("sudo journalctl -u ssh --since -10min", "sudo sshd -T | grep -iE 'maxstartups|persource'"),
      ];
    default:
      return [
        outcome.kind === "failed" && outcome.words !== "" ? outcome.words : "could not be signed in to",
        nothingWorks,
        verbose,
      ];
  }
}
