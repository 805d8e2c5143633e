import { get } from "node:https";
import type { Page, Visit } from "../../reports/status/visit.ts";

const seconds = 10;

/**
 * Asks for a page as a browser would, with the name in the handshake. Whose authority has signed is not looked at: a
 * stack may have its own, which this machine does not know.
 */
export function visit(page: Page): Promise<Visit> {
  const { hostname, port, pathname } = new URL(page.url);
  return new Promise((resolve) => {
    let validTo: Date | undefined;
    const end = (answer: Pick<Visit, "status" | "complaint">) => resolve({ ...page, ...answer, validTo });
    const call = get(
      {
        host: page.address ?? hostname,
        port: port || 443,
        path: pathname,
        servername: hostname,
        headers: { host: port ? `${hostname}:${port}` : hostname },
        rejectUnauthorized: false,
        agent: false,
        timeout: seconds * 1000,
      },
      (response) => {
        response.resume();
        end({ status: response.statusCode, complaint: undefined });
      },
    );
    call.on("socket", (socket) =>
      socket.on("secureConnect", () => {
        if (!("getPeerCertificate" in socket) || typeof socket.getPeerCertificate !== "function") return;
        const until = new Date(String(socket.getPeerCertificate().valid_to));
        if (!Number.isNaN(until.getTime())) validTo = until;
      }),
    );
    call.on("timeout", () => call.destroy(Object.assign(new Error(), { code: `nothing in ${seconds} s` })));
    call.on("error", (error: NodeJS.ErrnoException) =>
      end({ status: undefined, complaint: error.code ?? error.message }),
    );
  });
}
