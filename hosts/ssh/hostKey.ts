import { createHash } from "node:crypto";

/** The fingerprint of a public key, as `ssh-keygen -l` prints it. */
export function fingerprint(hostKey: string): string {
  const bytes = Buffer.from(hostKey.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "")}`;
}
