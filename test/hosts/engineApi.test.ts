import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineApi } from "../../hosts/engineApi.ts";

const server = createServer((request, response) => response.end(JSON.stringify(request.url)));
let made: Socket[];
let api: EngineApi | undefined;

beforeEach(async () => {
  made = [];
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(() => {
  api?.close();
  server.closeAllConnections();
  server.close();
});

function socket(): Socket {
  const { port } = server.address() as AddressInfo;
  const one = connect(port, "127.0.0.1");
  made.push(one);
  return one;
}

/** As the one that leads through an ssh: two pipes, and nothing that a socket has besides. */
function pipes(): Duplex {
  const one = socket();
  return Duplex.from({ readable: one, writable: one });
}

describe.each([
  ["a socket", socket],
  ["two pipes", pipes],
])("an engine behind %s", (_way, stream) => {
  test("is asked again and again on the connection that is there", async () => {
    api = new EngineApi(() => ({ stream: stream(), complaint: () => "" }));
    for (const path of ["/version", "/info", "/networks"]) {
      expect(await api.get(path, 5)).toEqual({ status: 200, body: path });
    }
    expect(made.length).toBe(1);
  });

  test("is asked much at once on four", async () => {
    api = new EngineApi(() => ({ stream: stream(), complaint: () => "" }));
    const paths = Array.from({ length: 12 }, (_, index) => `/images/${index}`);
    const answers = await Promise.all(paths.map((path) => api?.get(path, 5)));
    expect(answers.map((answer) => answer?.body)).toEqual(paths);
    expect(made.length).toBe(4);
  });
});
