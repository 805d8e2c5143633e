import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IDENTITY_HEADER, registryServer } from "../../lab/docker/registryServer.ts";
import { publish, variantOf } from "../../lab/images/publish.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-fleet-test-"));
const server = registryServer(folder, "me");
const layer = { digest: `sha256:${"b".repeat(64)}`, size: 5, file: join(folder, "layer.tar") };
let base: string;
let digest: string;

beforeAll(async () => {
  await writeFile(layer.file, "layer");
  digest = await publish(folder, "olympus-lab/kratos", "lab", [layer], { Env: [], Cmd: ["serve"] });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, method = "GET") => fetch(base + path, { method });

test("says that it is a registry, and which one", async () => {
  const { status, headers } = await get("/v2/");
  expect([status, headers.get("docker-distribution-api-version"), headers.get(IDENTITY_HEADER)]).toEqual([
    200,
    "registry/2.0",
    "me",
  ]);
});

test.each(["lab", "the digest"])("an image is pulled by %s: manifest, configuration, layer", async (by) => {
  const reference = by === "lab" ? by : digest;
  const response = await get(`/v2/olympus-lab/kratos/manifests/${reference}`);
  expect(response.headers.get("content-type")).toBe("application/vnd.oci.image.manifest.v1+json");
  expect(response.headers.get("docker-content-digest")).toBe(digest);

  const manifest = (await response.json()) as { config: { digest: string }; layers: { digest: string }[] };
  expect(manifest.layers.map((each) => each.digest)).toEqual([layer.digest]);
  const configuration = await get(`/v2/olympus-lab/kratos/blobs/${manifest.config.digest}`);
  expect(await configuration.json()).toMatchObject({ config: { Cmd: ["serve"] } });
  expect(await (await get(`/v2/olympus-lab/kratos/blobs/${layer.digest}`)).text()).toBe("layer");
});

test("HEAD answers the same without a body", async () => {
  const response = await get(`/v2/olympus-lab/kratos/blobs/${layer.digest}`, "HEAD");
  expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
    200,
    "5",
    "",
  ]);
});

test.each([
  ["/v2/olympus-lab/hydra/manifests/lab", "MANIFEST_UNKNOWN"],
  [`/v2/olympus-lab/kratos/blobs/sha256:${"c".repeat(64)}`, "BLOB_UNKNOWN"],
  ["/v2/..%2f..%2fetc/manifests/passwd", "NAME_UNKNOWN"],
  ["/v2/a/../../manifests/lab", "NAME_UNKNOWN"],
  ["/", "NAME_UNKNOWN"],
])("%s is %s", async (path, code) => {
  const response = await get(path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ errors: [{ code }] });
});

test("a push is refused in words", async () => {
  const response = await get("/v2/olympus-lab/kratos/blobs/uploads/", "POST");
  expect(response.status).toBe(405);
  expect(await response.json()).toEqual({
    errors: [{ code: "UNSUPPORTED", message: "this registry is filled by lab/images and takes no pushes" }],
  });
});

test("publishing again changes nothing; another configuration moves the tag and keeps the old digest", async () => {
  const again = await publish(folder, "olympus-lab/kratos", "lab", [layer], { Env: [], Cmd: ["serve"] });
  expect(again).toBe(digest);
  const next = await publish(folder, "olympus-lab/kratos", "next", [layer], { Env: ["A=1"], Cmd: ["serve"] });
  expect(next).not.toBe(digest);
  expect((await get(`/v2/olympus-lab/kratos/manifests/${digest}`)).status).toBe(200);
  expect((await get("/v2/olympus-lab/kratos/manifests/next")).headers.get("docker-content-digest")).toBe(
    next,
  );
});

test("a variant of an image shares its layers under another digest", async () => {
  const reference = `127.0.0.1:5055/olympus-lab/kratos@${digest}`;
  const variant = await variantOf(folder, reference, "broken", { Cmd: ["no-such-command"] });
  expect(variant).toMatch(/^127\.0\.0\.1:5055\/olympus-lab\/kratos@sha256:[0-9a-f]{64}$/);
  expect(variant).not.toBe(reference);

  const manifest = (await (await get("/v2/olympus-lab/kratos/manifests/broken")).json()) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  expect(manifest.layers.map((each) => each.digest)).toEqual([layer.digest]);
  const configuration = await get(`/v2/olympus-lab/kratos/blobs/${manifest.config.digest}`);
  expect(await configuration.json()).toMatchObject({ config: { Env: [], Cmd: ["no-such-command"] } });
});
