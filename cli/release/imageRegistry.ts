import { createHash } from "node:crypto";
import type { Location } from "../../files/release/pinning.ts";

/** Indexes first: the digest of an image for several architectures is the one to pin. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const timeoutMs = 20_000;

/** Why a registry gave no digest, for a line behind the image's name. */
export class RegistryFault extends Error {
  override readonly name = "RegistryFault";
}

/** The digest behind a tag, asked of its registry without credentials. */
export async function digestOf({ registry, repository, tag }: Location): Promise<string> {
  const url = `${schemeOf(registry)}://${registry}/v2/${repository}/manifests/${tag}`;
  const head = await manifest(url, "HEAD", registry);
  const digest = head.headers.get("docker-content-digest");
  if (digest !== null) return checked(digest, registry);
  // Registries may leave the header out; the digest is that of the bytes.
  const response = await manifest(url, "GET", registry);
  const body = new Uint8Array(await response.arrayBuffer());
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  if (!manifestTypes.includes(type.trim()) || !isManifest(body)) {
    const what = type === "" ? "something" : type.trim();
    throw new RegistryFault(
      `${registry} answers with ${what} that is no manifest; is a portal or proxy in the way?`,
    );
  }
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

/** Manifests and indexes alike say which version of the format they are. */
function isManifest(body: Uint8Array): boolean {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof read === "object" && read !== null && "schemaVersion" in read && read.schemaVersion === 2;
  } catch {
    return false;
  }
}

function checked(digest: string, registry: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new RegistryFault(`${registry} answers with a digest that is none`);
}

async function manifest(url: string, method: "HEAD" | "GET", registry: string): Promise<Response> {
  const first = await asked(url, { method, headers: { accept: manifestTypes.join(", ") } }, registry);
  const challenge = first.status === 401 ? first.headers.get("www-authenticate") : null;
  const response =
    challenge === null
      ? first
      : await asked(
          url,
          {
            method,
            headers: {
              accept: manifestTypes.join(", "),
              authorization: `Bearer ${await token(challenge, registry)}`,
            },
          },
          registry,
        );
  if (response.ok) return response;
  throw new RegistryFault(refusal(response.status, registry));
}

function refusal(status: number, registry: string): string {
  if (status === 404) return `${registry} has no such tag`;
  if (status === 401 || status === 403) {
    return `${registry} shows it to nobody without credentials, or has no such image`;
  }
  if (status === 429) return `${registry} has had too many requests; try again later`;
  return `${registry} answers ${status}`;
}

/** Asks for the token that the registry gives to everybody. */
async function token(challenge: string, registry: string): Promise<string> {
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  const realm = parameters.get("realm");
  if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm)) {
    throw new RegistryFault(`${registry} wants credentials`);
  }
  const url = new URL(realm);
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    throw new RegistryFault(`${registry} sends its callers to ${url.host} without TLS`);
  }
  for (const name of ["service", "scope"]) {
    const value = parameters.get(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const response = await asked(url.href, {}, url.host);
  if (!response.ok) throw new RegistryFault(refusal(response.status, url.host));
  const answer: unknown = await response.json().catch(() => undefined);
  const given = typeof answer === "object" && answer !== null ? Object.entries(answer) : [];
  const found = given.find(([name]) => name === "token" || name === "access_token")?.[1];
  if (typeof found === "string") return found;
  throw new RegistryFault(`${url.host} gave no token`);
}

async function asked(url: string, init: RequestInit, registry: string): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
    const late = error instanceof Error && error.name === "TimeoutError";
    throw new RegistryFault(
      late ? `${registry} does not answer` : `${registry} cannot be reached${cause ? ` (${cause})` : ""}`,
    );
  }
}

/** Docker takes plain HTTP from this machine only. */
const schemeOf = (registry: string) =>
  isLoopback(new URL(`http://${registry}`).hostname) ? "http" : "https";

const isLoopback = (host: string) =>
  host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
