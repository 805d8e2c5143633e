import { addressKind, isAddress6, isNowhere } from "../fleet/address.ts";
import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

/** `ssh://user@host[:port]` in its parts. */
export interface SshAddress {
  readonly user: string;
  readonly hostName: string;
  readonly port: number;
}

const sshPattern = /^ssh:\/\/([a-z_][a-z0-9_.-]{0,31})@([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?$/;

/** The parts of an SSH address; undefined when it is not one. */
export function sshAddress(value: string): SshAddress | undefined {
  const [, user, hostName, port = "22"] = sshPattern.exec(value) ?? [];
  if (user === undefined || hostName === undefined || Number(port) < 1 || Number(port) > 65535)
    return undefined;
  return { user, hostName: hostName.replace(/^\[|\]$/g, ""), port: Number(port) };
}

export function judgeEngineAddress(value: string): Fault | undefined {
  if (/^unix:\/\/\/[^\s]+$/.test(value) || sshAddress(value) !== undefined) return undefined;
  if (value.startsWith("ssh://")) {
    const meant = meantSsh(value);
    if (meant !== undefined) return meant;
    const why = /^ssh:\/\/[^@/]*:[^@/]*@/.test(value)
      ? "has a password in it, which everybody would read here"
      : "is not ssh://user@host or ssh://user@host:port";
    return { fault: `the address ${why}`, remedy: "Write ssh://deploy@eu-1.example.com, for example." };
  }
  if (/^(tcp|http|https):\/\//.test(value)) {
    return {
      fault: `${shown(value)} would give root on the host to anyone who reaches the port`,
      remedy: "Write unix:///var/run/docker.sock, or ssh://user@host.",
    };
  }
  return {
    fault: `${shown(value)} is not an engine's address`,
    remedy: `Write unix://${value.startsWith("/") ? value : "/var/run/docker.sock"}, or ssh://user@host.`,
  };
}

/** Two spellings that people mean well: a name in capitals, and an IPv6 address without its brackets. */
function meantSsh(value: string): Fault | undefined {
  const [, user = "", host = ""] = /^ssh:\/\/([^@/]+@)([^@/]+)$/.exec(value) ?? [];
  if (isAddress6(host)) {
    return {
      fault: `${shown(value)} has an IPv6 address without brackets, and its colons would be the port's`,
      remedy: `Write ssh://${user}[${host}].`,
    };
  }
  const small = `ssh://${user}${host.toLowerCase()}`;
  if (host === host.toLowerCase() || sshAddress(small) === undefined) return undefined;
  return { fault: `${shown(value)} has capitals in its host name`, remedy: `Write ${small}.` };
}

/** Types that OpenSSH makes keys of today; DSA is gone and RSA below 2048 bits is refused by servers. */
const keyTypes = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
];

/** A public host key without its comment: what `known_hosts` has behind the name. */
export function judgeHostKey(value: string): Fault | undefined {
  const remedy = "Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub, as they are on the host.";
  const [type = "", key = "", ...comment] = value.split(" ");
  if (value.includes("PRIVATE KEY")) {
    return { fault: "is a private key; only the public half belongs here", remedy };
  }
  if (/^SHA256:|^MD5:|^([0-9a-f]{2}:){15}/.test(value)) {
    return { fault: "is a fingerprint; the key itself is needed", remedy };
  }
  const isKey = keyTypes.includes(type) && /^AAAA[A-Za-z0-9+/]{60,}={0,2}$/.test(key) && comment.length === 0;
  if (isKey && keyTypeOf(key) === type) return undefined;
  return { fault: "is not a public SSH key", remedy };
}

/** The type that a key names inside itself: its length in four bytes, then its text. */
function keyTypeOf(key: string): string {
  const bytes = Buffer.from(key, "base64");
  return bytes.length < 4 ? "" : bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString("latin1");
}

export function judgeIdentityFile(value: string): Fault | undefined {
  if (/^(~\/|\/)\S+$/.test(value) && !value.endsWith(".pub")) return undefined;
  if (value.endsWith(".pub")) {
    const remedy = `Write ${value.slice(0, -".pub".length)}.`;
    return { fault: `${shown(value)} is the public half`, remedy };
  }
  return {
    fault: `${shown(value)} is not the whole path of a private key`,
    remedy: "Write one such as ~/.ssh/id_ed25519.",
  };
}

export function judgePublicAddress(value: string): Fault | undefined {
  if (isNowhere(value)) {
    return {
      fault: `${shown(value)} is where no visitor can be sent: it is nobody's address, or one of a group or a single cable`,
      remedy:
        "Write the address at which visitors reach ports 80 and 443, such as 203.0.113.10 or 2001:db8::10.",
    };
  }
  if (addressKind(value) !== undefined) return undefined;
  return {
    fault: `${shown(value)} is neither an IP address nor a host name`,
    remedy: "Write one such as 203.0.113.10, 2001:db8::10 or eu-1.example.net.",
  };
}
