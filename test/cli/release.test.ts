import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UsageError } from "../../cli/command.ts";
import { release } from "../../cli/release/release.ts";
import { locationOf } from "../../files/release/pinning.ts";
import { registryServer } from "../../lab/docker/registryServer.ts";
import { publish } from "../../lab/images/publish.ts";
import { recorder } from "./ran.ts";

const digest = (name: string) => `sha256:${createHash("sha256").update(name).digest("hex")}`;

let folder: string;
let server: Server;
let registry: string;
let asked: string[];
/** Answers one manifest; overridden by tests. */
let manifests: (path: string, request: IncomingMessage, response: ServerResponse) => void;

/** The registry protocol as hosted registries speak it: no manifest without a token, which everybody gets. */
function respond(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", `http://${registry}`);
  asked.push(`${request.method} ${url.pathname}${url.search}`);
  if (url.pathname === "/token") {
    response.end(JSON.stringify({ token: `for ${url.searchParams.get("scope")}` }));
    return;
  }
  const [, repository = "", tag = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname) ?? [];
  const scope = `repository:${repository}:pull`;
  if (request.headers.authorization !== `Bearer for ${scope}`) {
    const challenge = `Bearer realm="http://${registry}/token",service="test",scope="${scope}"`;
    response.writeHead(401, { "www-authenticate": challenge }).end();
    return;
  }
  manifests(`${repository}:${tag}`, request, response);
}

const text = () => `# Sets of images.
releases:
  "1":   # the first
    postgresMajor: 18
    images:
      postgres: "${registry}/library/postgres:18.1" # quoted
      kratos:   ${registry}/oryd/kratos:v26.2.0
      hydra: ${registry}/oryd/hydra:v26.2.0@${digest("old")}
      hera: '${registry}/hera:latest'
      athena: ${registry}/athena:latest
  "2":
    postgresMajor: 18
    images: { postgres: ${registry}/x:1, kratos: ${registry}/x:1, hydra: ${registry}/x:1, hera: ${registry}/x:1, athena: ${registry}/x:1 }

hostImages:
  caddy: ${registry}/caddy:latest
  firewall: ${registry}/docker:28
`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "olympus-fleet-pin-"));
  asked = [];
  manifests = (name, _request, response) =>
    response.writeHead(200, { "docker-content-digest": digest(name) }).end();
  server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  registry = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  writeFileSync(join(folder, "releases.yaml"), text());
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const file = () => readFileSync(join(folder, "releases.yaml"), "utf8");

async function run(...args: string[]) {
  const terminal = recorder(folder);
  const code = await release.run(args, terminal);
  return { code, ...terminal.written() };
}

test("writes the digest behind each tag, and leaves every other byte", async () => {
  const before = file();
  expect(await run("pin", "1")).toMatchObject({ code: 0, err: "" });
  const names = [
    "library/postgres:18.1",
    "oryd/kratos:v26.2.0",
    "hera:latest",
    "athena:latest",
    "caddy:latest",
    "docker:28",
  ];
  const expected = names.reduce(
    (rest, name) => rest.replace(`${registry}/${name}`, `$&@${digest(name)}`),
    before,
  );
  expect(file()).toBe(expected);
  expect(readdirSync(folder)).toEqual(["releases.yaml"]);
});

test("asks as an anonymous caller does, and not for what is pinned", async () => {
  await run("pin", "1");
  expect(asked).toContain("GET /token?service=test&scope=repository%3Aoryd%2Fkratos%3Apull");
  expect(asked.join()).not.toContain("oryd/hydra");
});

test("a second run finds nothing to do", async () => {
  await run("pin", "1");
  const once = file();
  expect(await run("pin", "1")).toMatchObject({
    code: 0,
    out: "releases.yaml: release 1 and hostImages are pinned already.\n",
  });
  expect(file()).toBe(once);
});

test("a registry without the header: the digest is that of the manifest's bytes", async () => {
  const manifest = (name: string) => JSON.stringify({ schemaVersion: 2, annotations: { name } });
  const type = "application/vnd.oci.image.index.v1+json; charset=utf-8";
  manifests = (name, _request, response) =>
    response.writeHead(200, { "content-type": type }).end(manifest(name));
  await run("pin", "1");
  expect(file()).toContain(`hera:latest@${digest(manifest("hera:latest"))}`);
});

test.each([
  ["text/html", "<html><body>Welcome to the guest network</body></html>"],
  ["application/json", '{"schemaVersion":2}'],
  ["application/vnd.oci.image.manifest.v1+json", "<html>"],
])("a portal's page in place of a manifest (%s) is not taken for one", async (type, body) => {
  const before = file();
  manifests = (_name, _request, response) => response.writeHead(200, { "content-type": type }).end(body);
  const { code, err } = await run("pin", "2");
  expect([code, err.split("\n")[0]]).toEqual([
    1,
    `releases["2"].images.postgres: ${registry}/x:1: ${registry} answers with ${type} that is no manifest; is a portal or proxy in the way?`,
  ]);
  expect(file()).toBe(before);
});

test("--file with a whole path is that file", async () => {
  const other = mkdtempSync(join(tmpdir(), "olympus-fleet-pin-"));
  writeFileSync(join(other, "mine.yaml"), text());
  const before = file();
  expect(await run("pin", "1", "--file", join(other, "mine.yaml"))).toMatchObject({ code: 0, err: "" });
  expect(readFileSync(join(other, "mine.yaml"), "utf8")).toContain(`hera:latest@${digest("hera:latest")}`);
  expect(file()).toBe(before);
  rmSync(other, { recursive: true });
});

test("--check writes nothing, and fails while a digest is missing", async () => {
  const before = file();
  const { code, err } = await run("pin", "1", "--check");
  expect([code, err]).toEqual([1, "releases.yaml: 6 of 7 images have no digest.\n"]);
  expect(file()).toBe(before);
});

test("one that fails stops all: a line each, nothing written", async () => {
  const before = file();
  const status: Record<string, number> = { "hera:latest": 404, "athena:latest": 403, "caddy:latest": 429 };
  manifests = (name, _request, response) =>
    response.writeHead(status[name] ?? 200, { "docker-content-digest": digest(name) }).end();
  const { code, err } = await run("pin", "1");
  expect(code).toBe(1);
  expect(err.split("\n")).toEqual([
    `releases["1"].images.hera: ${registry}/hera:latest: ${registry} has no such tag`,
    `releases["1"].images.athena: ${registry}/athena:latest: ${registry} shows it to nobody without credentials, or has no such image`,
    `hostImages.caddy: ${registry}/caddy:latest: ${registry} has had too many requests; try again later`,
    "releases.yaml: nothing written.",
    "",
  ]);
  expect(file()).toBe(before);
});

test("a registry that is not there is named", async () => {
  writeFileSync(join(folder, "releases.yaml"), text().replaceAll(registry, "127.0.0.1:1"));
  const { code, err } = await run("pin", "2");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^releases\["2"\]\.images\.postgres: 127\.0\.0\.1:1\/x:1: 127\.0\.0\.1:1 cannot be reached/,
  );
});

test("a release that is not there is a wrong command", async () => {
  await expect(run("pin", "3")).rejects.toThrow(
    new UsageError("releases.yaml: there is no release 3. Did you mean 1 or 2?"),
  );
  await expect(run("pin", "newest")).rejects.toThrow(
    new UsageError("releases.yaml: there is no release newest. Write one of: 1, 2."),
  );
  await expect(run("pin", "1", "--file", "x.yaml")).rejects.toThrow(
    new UsageError("x.yaml: cannot be read. Write --file with the path of the release file."),
  );
  await expect(run("pin", "1", "2")).rejects.toThrow(
    /^release pin: write the name of one release\.\n\nusage:/,
  );
  await expect(run("unpin", "1")).rejects.toThrow(/^release unpin: write release pin\.\n\nusage:/);
});

test("nothing is written into a file that is not YAML", async () => {
  const conflict = `${text()}<<<<<<< HEAD\n=======\n>>>>>>> topic\n`;
  writeFileSync(join(folder, "releases.yaml"), conflict);
  const { code, err } = await run("pin", "1");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^releases\.yaml:\d+:1 {2}releases\.yaml: a merge conflict begins here .*\nreleases\.yaml: nothing written\.\n$/,
  );
  expect(readFileSync(join(folder, "releases.yaml"), "utf8")).toBe(conflict);
  expect(asked).toEqual([]);
});

test.each([
  ["postgres:18", "registry-1.docker.io", "library/postgres"],
  ["oryd/kratos:v1", "registry-1.docker.io", "oryd/kratos"],
  ["docker.io/library/postgres:18", "registry-1.docker.io", "library/postgres"],
  ["ghcr.io/olympusoss/hera:latest", "ghcr.io", "olympusoss/hera"],
  ["localhost:5000/a/b:c", "localhost:5000", "a/b"],
])("%s is asked for at %s", (reference, host, repository) => {
  expect(locationOf(reference)).toMatchObject({ registry: host, repository });
});

test("the lab's registry gives the digest under which the lab pulls", async () => {
  const lab = registryServer(folder, "test");
  await new Promise<void>((resolve) => lab.listen(0, "127.0.0.1", resolve));
  try {
    const address = lab.address();
    const at = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    const published = await publish(folder, "x", "1", [], { Env: [] });
    const only = `releases:\n  "1":\n    images: { hera: ${at}/x:1 }\n`;
    writeFileSync(join(folder, "releases.yaml"), only);
    expect(await run("pin", "1")).toMatchObject({ code: 0, err: "" });
    expect(file()).toBe(only.replace("x:1", `x:1@${published}`));
  } finally {
    await new Promise((resolve) => lab.close(resolve));
  }
});
