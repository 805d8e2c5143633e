import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { CaddyFile } from "../../../backends/docker/caddy/acme.ts";
import { adminSocket } from "../../../backends/docker/caddy/caddyfile.ts";
import { configFolder } from "../../../backends/docker/caddy/places.ts";
import { publishScript, wakeScript } from "../../../backends/docker/caddy/publish.ts";
import { caddyStart } from "../../../backends/docker/caddy/start.ts";
import { foundCaddyfile, foundOwn } from "../../../backends/docker/found.ts";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { engineContainer } from "../engine/resources.ts";
import { hardenedContainer, healthcheck, labels, volumeGivenOnce } from "../hardened.ts";
import type { Machine } from "./machine.ts";

/**
 * What a host's Caddy does.
 *
 * @example
 * ```ts
 * createCaddy("eu-1", host, images.caddy, { file: caddyfile(host.config, tls), memoryMiB: 256 });
 * ```
 */
export interface CaddyArgs {
  /** Its whole Caddyfile. A change is checked and swapped, and Caddy reloads; connections stay. */
  file: string;
  /** A file that the Caddyfile names: the ACME server's root. */
  beside?: CaddyFile | undefined;
  /** Where the kernel stops it, in MiB, together with a second one that checks a new configuration beside it. */
  memoryMiB: number;
}

/**
 * Caddy on the host's own network: it proxies to fixed addresses of tenants, so a new tenant changes nothing
 * about it. Its configuration folder is a volume that is written through the container, which works for a user
 * who may use Docker but is not root, and from afar.
 */
export function createCaddy(
  name: string,
  host: Machine,
  image: string,
  { file, beside, memoryMiB }: CaddyArgs,
): pulumi.Output<string> {
  const volume = (what: string) =>
    new docker.Volume(
      `${name}-${what}`,
      { name: `olympus-${what}`, labels: labels({ service: "caddy" }) },
      { ...host.child(), ignoreChanges: [...volumeGivenOnce] },
    );
  const config = volume("caddy-config");
  // Certificates and ACME accounts, which can be had again, within the authority's limits; and the time and status of visits.
  const data = volume("caddy-data");

  const container = engineContainer(
    `${name}-caddy`,
    host.config.engine,
    {
      ...hardenedContainer,
      name: caddyContainer,
      image,
      entrypoints: ["sh", "-c"],
      command: [caddyStart],
      // Root without any capability but the one for ports below 1024.
      user: "0:0",
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
      networkMode: "host",
      memory: memoryMiB,
      memorySwap: memoryMiB,
      cpuShares: 2048,
      tmpfs: {
        "/tmp": "rw,noexec,nosuid,nodev,size=64m",
        "/run/caddy": "rw,noexec,nosuid,nodev,size=1m,mode=0700",
      },
      mounts: [
        { type: "volume", source: config.name, target: configFolder },
        { type: "volume", source: data.name, target: "/data" },
      ],
      envs: ["XDG_DATA_HOME=/data", "XDG_CONFIG_HOME=/tmp"],
      healthcheck: healthcheck(["test", "-S", adminSocket], host.config.healthIntervalSeconds),
      labels: labels({ service: "caddy" }),
      stopTimeout: 20,
      destroyGraceSeconds: 20,
    },
    { ...host.child(), dependsOn: [host.image(image)] },
  );

  const published = host.shell.run(
    `${name}-caddyfile`,
    {
      script: container.id.apply(
        (id) =>
          `# ${id}\n${wakeScript(caddyContainer)}${publishScript(caddyContainer, "Caddyfile", file, "keep", beside)}`,
      ),
      found: foundOwn(host.facts, caddyContainer) ?? foundCaddyfile(host.facts, file),
    },
    { parent: host, dependsOn: [container] },
  );
  return published.id.apply(() => caddyContainer);
}
