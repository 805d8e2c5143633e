import { Agent, request } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { bareVisit, head, secured } from "../../harness/bareVisit.ts";
import { type LoginSite, names } from "../../harness/loginSite.ts";

const byHttp3 = "http3.test";

/** Sends a byte a second of a body that never ends, and says after how many seconds that was ended. */
async function secondsOf(socket: Duplex): Promise<number> {
  const start = Date.now();
  let isOpen = true;
  socket.on("data", () => {
    isOpen = false;
  });
  for (const event of ["end", "close", "error"])
    socket.on(event, () => {
      isOpen = false;
    });
  while (isOpen && Date.now() - start < 60_000) {
    socket.write("x");
    await sleep(1000);
  }
  socket.destroy();
  return (Date.now() - start) / 1000;
}

export function slowCases(stage: () => LoginSite): void {
  describe("a visitor who reaches the host by itself", () => {
    /** Caddy itself is the visitor that speaks HTTP/3: no client library of Node's does. */
    beforeAll(async () => {
      await stage().serve("direct");
      const { httpPort, httpsPort } = stage();
      await stage().published(
        "sites/http3.caddy",
        `http://${byHttp3}:${httpPort} {
	reverse_proxy https://127.0.0.1:${httpsPort} {
		header_up Host ${names.login}
		flush_interval -1
		transport http {
			versions 3
			tls_server_name ${names.login}
			tls_insecure_skip_verify
		}
	}
}
`,
      );
    });

    const plain = (path: string, method = "GET") =>
      new Promise<{ status: number; text: string }>((done, failed) => {
        const options = { host: "127.0.0.1", port: stage().httpPort, path, method, agent: new Agent() };
        request({ ...options, headers: { host: byHttp3 } }, async (answer) =>
          done({ status: answer.statusCode ?? 0, text: (await buffer(answer)).toString() }),
        )
          .on("error", failed)
          .end();
      });

    test("may take half a minute for a request, and as long as it takes for the answer", async () => {
      const { httpPort, httpsPort: port } = stage();
      const slow = (name: string) => head({ name, port, method: "PUT", path: "/_slow", headers: {} }, 1000);
      const http1 = await secured({ name: names.neighbour, port });
      http1.write(slow(names.neighbour));
      const http3 = connect({ host: "127.0.0.1", port: httpPort });
      http3.write(slow(byHttp3));
      const read = { name: names.login, port, path: "/stream" };
      const [first, third, ...streams] = await Promise.all([
        secondsOf(http1),
        secondsOf(http3),
        bareVisit(read),
        bareVisit({ ...read, isHttp2: true }),
        plain("/stream"),
      ]);
      for (const seconds of [first, third]) {
        expect(seconds).toBeGreaterThan(25);
        expect(seconds).toBeLessThan(40);
      }
      expect(streams.map(({ text }) => /the end/.test(text))).toEqual([true, true, true]);
    });

    test("by HTTP/3 gets the tenant's pages, and counts as any other", async () => {
      expect(await plain("/error")).toMatchObject({
        status: 400,
        text: expect.stringContaining("That did not work"),
      });
      const found: number[] = [];
      while (found.length < 31) found.push((await plain("/consent", "POST")).status);
      expect([found[0], found.at(-1)]).toEqual([200, 429]);
      expect(stage().seen.at(-1)?.headers.via).toContain("3.0 Caddy");
    });
  });
}
