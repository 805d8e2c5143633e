import { authority } from "../../backends/docker/caddy/acme.ts";
import { socketOf } from "../../hosts/transport.ts";
import type { ProbeQuestions } from "./probe.ts";
import type { Subject } from "./subject.ts";

const usualRoots = { docker: "/var/lib/docker", podman: "/var/lib/containers/storage" } as const;

/** Where the host gets its certificates; undefined for an edge, which has none, and for Caddy's own authority. */
export function acmeDirectory({ config, isEdge }: Subject): string | undefined {
  return isEdge ? undefined : authority(config.tls);
}

/** @param dataRoot as the engine says, where it answers */
export function questionsFor(subject: Subject, dataRoot: string | undefined): ProbeQuestions {
  const { host, config } = subject;
  const url = acmeDirectory(subject);
  return {
    engine: host.engine,
    socket: socketOf(host),
    dataRoot: dataRoot ?? usualRoots[host.engine],
    urls:
      url === undefined
        ? []
        : [{ url, isPrivatelySigned: config.tls.mode === "acme" && config.tls.caRoot !== undefined }],
  };
}
