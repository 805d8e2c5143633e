import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

export interface KeyPair {
  /** Path of the private key, mode 0600. */
  readonly file: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicKey: string;
}

/** Makes an ed25519 key pair without a passphrase. */
export async function makeKey(folder: string, name: string): Promise<KeyPair> {
  const file = join(folder, name);
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file], { stdin: "ignore" });
  return { file, publicKey: (await readFile(`${file}.pub`, "utf8")).trim() };
}
