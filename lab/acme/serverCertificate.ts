import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { LabError } from "../progress.ts";

/** Paths of PEM files. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
  /** The authority that signed `certificate`. */
  readonly root: string;
}

/** Makes an authority and a server certificate for an IP address, both for as long as a test lasts. */
export async function serverCertificate(folder: string, address: string): Promise<ServerCertificate> {
  const path = (name: string) => join(folder, name);
  const [rootKey, root] = [path("root.key"), path("root.pem")] as const;
  const [key, request, certificate] = [
    path("key.pem"),
    path("request.pem"),
    path("certificate.pem"),
  ] as const;
  const extensions = path("extensions");
  await writeFile(extensions, `subjectAltName = IP:${address}\nextendedKeyUsage = serverAuth\n`);
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout"];
  await openssl("req", "-x509", ...newKey, rootKey, "-out", root, "-days", "2", "-subj", "/CN=Lab ACME root");
  await openssl("req", ...newKey, key, "-out", request, "-subj", "/CN=Lab ACME server");
  const sign = ["-CA", root, "-CAkey", rootKey, "-CAcreateserial", "-days", "2", "-extfile", extensions];
  await openssl("x509", "-req", "-in", request, ...sign, "-out", certificate);
  return { certificate, key, root };
}

async function openssl(...args: string[]): Promise<void> {
  const result = await execa("openssl", args, { reject: false });
  if (result.code === "ENOENT") throw new LabError("There is no openssl on PATH: apt-get install openssl");
  if (result.failed) throw new LabError(`openssl ${args[0]} failed: ${result.stderr}`);
}
