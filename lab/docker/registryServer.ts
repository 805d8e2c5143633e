import { createReadStream, existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";

/**
 * The pull half of the OCI distribution protocol over a folder of files: what an engine needs to pull an image
 * by digest, and nothing that could change the folder. lab/images writes the folder, so no push is needed, and
 * several servers (one per network namespace, say) may serve the same folder.
 *
 *   blobs/<hex>                      layers, configurations and manifests, named by their SHA-256
 *   repositories/<name>/<reference>  the digest of a manifest; the reference is a tag or that digest itself
 */
export const blobPath = (folder: string, digest: string) =>
  join(folder, "blobs", digest.slice("sha256:".length));
export const referencePath = (folder: string, repository: string, reference: string) =>
  join(folder, "repositories", repository, reference.replace("sha256:", "sha256-"));

/** Names itself in this header, so that a run can tell its registry from a stranger on the same port. */
export const IDENTITY_HEADER = "olympus-fleet-registry";

// The names that the distribution specification allows. No dot may start a part, so none leads out of the folder.
const NAME = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*";
const MANIFEST = new RegExp(`^/v2/(${NAME})/manifests/(sha256:[0-9a-f]{64}|\\w[\\w.-]{0,127})$`);
const BLOB = new RegExp(`^/v2/${NAME}/blobs/(sha256:[0-9a-f]{64})$`);

/** @param identity answered in {@link IDENTITY_HEADER} */
export function registryServer(folder: string, identity: string): Server {
  return createServer((request, response) => {
    response.setHeader("docker-distribution-api-version", "registry/2.0");
    response.setHeader(IDENTITY_HEADER, identity);
    answer(folder, request, response).catch((error: Error) => {
      console.error(`${request.method} ${request.url}: ${error.message}`);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "UNKNOWN", "the registry cannot read its folder");
    });
  });
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(response, 405, "UNSUPPORTED", "this registry is filled by lab/images and takes no pushes");
  }
  if (path === "/v2/" || path === "/v2") return void response.end("{}");

  const [, repository, reference] = MANIFEST.exec(path) ?? [];
  if (repository && reference) {
    const link = referencePath(folder, repository, reference);
    if (!existsSync(link))
      return refuse(response, 404, "MANIFEST_UNKNOWN", `no ${repository} ${reference} here`);
    const digest = (await readFile(link, "utf8")).trim();
    const { mediaType } = JSON.parse(await readFile(blobPath(folder, digest), "utf8"));
    return send(folder, digest, mediaType, request, response);
  }

  const [, digest] = BLOB.exec(path) ?? [];
  if (digest && existsSync(blobPath(folder, digest))) {
    return send(folder, digest, "application/octet-stream", request, response);
  }
  return refuse(response, 404, digest ? "BLOB_UNKNOWN" : "NAME_UNKNOWN", `nothing at ${path}`);
}

async function send(
  folder: string,
  digest: string,
  type: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = blobPath(folder, digest);
  response.writeHead(200, {
    "content-type": type,
    "content-length": (await stat(file)).size,
    "docker-content-digest": digest,
  });
  if (request.method === "HEAD") return void response.end();
  // A puller that goes away in the middle is its own affair.
  createReadStream(file)
    .on("error", () => response.destroy())
    .pipe(response);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}
