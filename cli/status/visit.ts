import { get } from "node:https";
import { z } from "zod";
import type { Page, Validity, Visit } from "../../reports/status/visit.ts";

const seconds = 10;

/** As Node shows one; empty where the other side has none. */
const shown = z.object({ valid_from: z.coerce.date(), valid_to: z.coerce.date() });

/**
 * Asks for a page as a browser would, with the name in the handshake. Whose authority has signed is not looked at: a
 * stack may have its own, which this machine does not know.
 */
export function visit(page: Page): Promise<Visit> {
  const { hostname, port, pathname } = new URL(page.url);
  return new Promise((resolve) => {
    let certificate: Validity | undefined;
    const end = (answer: Pick<Visit, "status" | "complaint">) => resolve({ ...page, ...answer, certificate });
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
        certificate = validity(socket.getPeerCertificate());
      }),
    );
    call.on("timeout", () => call.destroy(Object.assign(new Error(), { code: `nothing in ${seconds} s` })));
    call.on("error", (error: NodeJS.ErrnoException) =>
      end({ status: undefined, complaint: error.code ?? error.message }),
    );
  });
}

function validity(certificate: unknown): Validity | undefined {
  const found = shown.safeParse(certificate);
  return found.success ? { from: found.data.valid_from, until: found.data.valid_to } : undefined;
}
