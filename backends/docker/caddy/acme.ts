import { createHash } from "node:crypto";
import type { Tls } from "../../../fleet/model.ts";
import type { DockerRoute } from "../tenant.ts";
import { configFolder } from "./places.ts";

/** Written out, since Caddy by itself would turn to a second authority where this one refuses. */
export const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

/** Directory of the ACME server; undefined where Caddy is its own authority. */
export const authority = (tls: Tls) => (tls.mode === "acme" ? (tls.ca ?? letsEncrypt) : undefined);

/** Where Caddy asks, before it orders a certificate, whether a name is the fleet's. On loopback alone. */
export const askPort = 2020;
const loopback = "127.0.0.1";
const askAddress = `${loopback}:${askPort}`;

/** Where the tenants' own files answer that; in memory, in the container. */
const namesSocket = "unix//run/caddy/names.sock";

export interface CaddyFile {
  /** Below Caddy's configuration folder. */
  readonly path: string;
  readonly content: string;
}

/** The certificate behind the ACME server's own. Named by its content: another one is another configuration. */
export function acmeRoot(tls: Tls): CaddyFile | undefined {
  if (tls.mode !== "acme" || tls.caRoot === undefined) return undefined;
  const content = `${tls.caRoot.trim()}\n`;
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { path: `roots/${digest}.pem`, content };
}

/** Global options of the host's Caddyfile. */
export function acmeOptions(tls: Tls): string[] {
  if (tls.mode !== "acme") return [];
  const root = acmeRoot(tls);
  return [
    `	email ${tls.email}`,
    `	acme_ca ${authority(tls)}`,
    ...(root === undefined ? [] : [`	acme_ca_root ${configFolder}/${root.path}`]),
    "	on_demand_tls {",
    `		ask http://${askAddress}/`,
    "	}",
  ];
}

/**
 * Answers 2xx for the fleet's names and 404 for all others. It knows no name by itself: each tenant's file answers
 * for its own, so that adding a tenant touches nobody else's.
 */
export function askSite(tls: Tls): string {
  if (tls.mode !== "acme") return "";
  return `# Asked before a certificate is ordered: is this name the fleet's?
http://${askAddress} {
	bind ${loopback}
	reverse_proxy ${namesSocket} {
		header_up Host {query.domain}
	}
}

http:// {
	bind ${namesSocket}
	respond 404
}

`;
}

/** A site's certificate: at its first visit, or none that anybody outside vouches for where nobody may enter. */
export function certificate(route: Pick<DockerRoute, "allow">, tls: Tls): string[] {
  if (!isPublic(route, tls)) return ["	tls internal"];
  return ["	tls {", "		on_demand", "	}"];
}

/** Names of a tenant's that need a certificate of the ACME server. */
export const certified = (routes: readonly DockerRoute[], tls: Tls): string[] =>
  routes.filter((route) => isPublic(route, tls)).flatMap(({ hostNames }) => hostNames);

const isPublic = ({ allow }: Pick<DockerRoute, "allow">, tls: Tls) =>
  tls.mode === "acme" && allow?.length !== 0;

/** The tenant's part of the answer to {@link askSite}. */
export function knownNames(routes: readonly DockerRoute[], tls: Tls): string[] {
  const names = certified(routes, tls);
  if (names.length === 0) return [];
  return [
    [
      "# Names that may have a certificate.",
      `${names.map((name) => `http://${name}`).join(", ")} {`,
      `	bind ${namesSocket}`,
      "	respond 204",
      "}",
    ].join("\n"),
  ];
}
