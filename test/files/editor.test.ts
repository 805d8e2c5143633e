import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The YAML language server that editors run, spoken to as an editor does: JSON-RPC over its standard streams. */
const project = join(import.meta.dirname, "../..");
const uri = pathToFileURL(join(project, "tenants.yaml")).href;
const header = "# yaml-language-server: $schema=./tenants.schema.json\n";

let server: ChildProcess;
let nextId = 1;
const waiting = new Map<number, (result: unknown) => void>();

function send(message: object): void {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function request<Result>(method: string, params: object): Promise<Result> {
  const id = nextId++;
  return new Promise((resolve) => {
    waiting.set(id, (result) => resolve(result as Result));
    send({ id, method, params });
  });
}

/** Takes whole messages off the front of what has come so far. */
function read(buffer: Buffer): Buffer {
  const head = /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(buffer.toString("latin1"));
  if (!head) return buffer;
  const [start, length] = [head[0].length, Number(head[1])];
  if (buffer.length < start + length) return buffer;
  const message = JSON.parse(buffer.subarray(start, start + length).toString());
  if (message.method && message.id !== undefined)
    send({
      id: message.id,
      result: message.method === "workspace/configuration" ? message.params.items.map(() => ({})) : null,
    });
  else if (message.id !== undefined) waiting.get(message.id)?.(message.result);
  return read(buffer.subarray(start + length));
}

function open(text: string): void {
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "yaml", version: nextId++, text } },
  });
}
const close = () => send({ method: "textDocument/didClose", params: { textDocument: { uri } } });

beforeAll(async () => {
  const bin = join(project, "node_modules/yaml-language-server/bin/yaml-language-server");
  server = spawn(process.execPath, [bin, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
  let buffer = Buffer.alloc(0);
  server.stdout?.on("data", (chunk: Buffer) => {
    buffer = Buffer.from(read(Buffer.concat([buffer, chunk])));
  });
  await request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(project).href,
    capabilities: {},
  });
  send({ method: "initialized", params: {} });
}, 30_000);
afterAll(() => {
  server.kill();
});

test("an editor completes the fields of a tenant", async () => {
  open(`${header}tenants:\n  acme:\n    \n`);
  const list = await request<{ items: { label: string }[] }>("textDocument/completion", {
    textDocument: { uri },
    position: { line: 3, character: 4 },
  });
  close();
  const labels = list.items.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(["host", "release", "size", "clients", "mail"]));
}, 30_000);

test("an editor completes and explains the settings of a ring", async () => {
  open(`${header}rings:\n  canary:\n    bake: 24h\n    \ntenants: {}\n`);
  const list = await request<{ items: { label: string }[] }>("textDocument/completion", {
    textDocument: { uri },
    position: { line: 4, character: 4 },
  });
  const hover = await request<{ contents: { value: string } } | null>("textDocument/hover", {
    textDocument: { uri },
    position: { line: 3, character: 6 },
  });
  close();
  const labels = list.items.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(["after", "parallel", "window", "hold"]));
  expect(hover?.contents.value).toContain("must have been healthy");
}, 30_000);

test("an editor explains a field under the pointer", async () => {
  open(
    readFileSync(join(project, "tenants.yaml"), "utf8").replace(
      /^tenants:\n[\s\S]*/m,
      "tenants:\n  acme:\n    network: 10.128.0.0/28\n",
    ),
  );
  const lines = readFileSync(join(project, "tenants.yaml"), "utf8").split("\n");
  const line = lines.indexOf("tenants:") + 2;
  const hover = await request<{ contents: { value: string } } | null>("textDocument/hover", {
    textDocument: { uri },
    position: { line, character: 6 },
  });
  close();
  expect(hover?.contents.value).toContain("internal network");
}, 30_000);
