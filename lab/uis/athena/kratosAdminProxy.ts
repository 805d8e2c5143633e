import { upstreamFetch } from "../web/ory.ts";
import { json, type Reply } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Athena } from "./context.ts";

export const proxyPrefix = "/api/kratos-admin";

/** Headers of Kratos that mean something to the caller; the rest is between us and Kratos. */
const passedOn = ["link", "x-total-count"];

/**
 * Reads from Kratos's admin API. The path was normalised when the request was parsed and is put behind Kratos's
 * own address, so it cannot name another host. Kratos redirects what it does not know
 * there to its public port: for the caller that is the same as not found.
 */
export async function readFromKratos(athena: Athena, visit: Visit): Promise<Reply> {
  const query = visit.query.size > 0 ? `?${visit.query}` : "";
  const response = await upstreamFetch(
    `${athena.kratosAdminUrl}${visit.path.slice(proxyPrefix.length)}${query}`,
    { headers: { accept: "application/json" } },
    athena.proxyPatience,
  );
  if (response.status >= 300 && response.status < 400) return json(404, { error: "not found" });
  const headers = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  return { status: response.status, body: await response.text(), type: "application/json", headers };
}
