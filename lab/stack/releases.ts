import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { services } from "../../fleet/tenant/parts.ts";
import type { LabImages } from "../images/images.ts";

interface ReleasesFile {
  releases: Record<string, { postgresMajor: number; postgresBase?: string; images: Record<string, string> }>;
  hostImages: Record<string, string>;
}

/** Beside each release of Postgres 18 the lab offers this one, which differs in Postgres alone: version 16. */
export const withPostgres16 = (release: string) => `${release}-postgres-16`;

/** Code name of this machine's Debian or Ubuntu, whose packages the lab's images are made of. */
function systemHere(): string | undefined {
  if (!existsSync(release)) return undefined;
  return /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(readFileSync(release, "utf8"))?.[1];
}
const release = "/etc/os-release";

/** The project's release file with the same release names and the lab's images. */
export function labReleases(releasesText: string, images: LabImages): string {
  const { releases } = parse(releasesText) as ReleasesFile;
  const own = Object.fromEntries(services.map((service) => [service, images[service]]));
  const postgresBase = systemHere();
  const base = postgresBase === undefined ? {} : { postgresBase };
  const postgres18 = { postgresMajor: 18, ...base, images: own };
  const postgres16 = { postgresMajor: 16, ...base, images: { ...own, postgres: images["postgres-16"] } };
  const entries = Object.entries(releases).flatMap(([name, { postgresMajor }]) =>
    postgresMajor === 16
      ? [[name, postgres16]]
      : [
          [name, postgres18],
          [withPostgres16(name), postgres16],
        ],
  );
  const file: ReleasesFile = {
    releases: Object.fromEntries(entries),
    hostImages: { caddy: images.caddy, firewall: images.firewall },
  };
  // An alias from one release to another is what the release file refuses.
  return stringify(file, { aliasDuplicateObjects: false });
}

/** Every image that the release file names. */
export function imagesOf(releasesText: string): string[] {
  const { releases, hostImages } = parse(releasesText) as ReleasesFile;
  return [
    ...new Set([
      ...Object.values(releases).flatMap(({ images }) => Object.values(images)),
      ...Object.values(hostImages),
    ]),
  ];
}

/**
 * The images that cannot be had: neither on the engine nor from their registry, asked for a few seconds. One is
 * asked first, since without a way out all would wait in vain.
 */
export async function unreachableImages(images: readonly string[], dockerHost: string): Promise<string[]> {
  const reachable = async (image: string) => {
    const docker = (...args: string[]) =>
      execa("docker", args, { env: { DOCKER_HOST: dockerHost }, reject: false, timeout: 10_000 });
    const local = await docker("image", "inspect", image);
    return local.exitCode === 0 || (await docker("manifest", "inspect", image)).exitCode === 0;
  };
  const [first, ...others] = images;
  if (first === undefined) return [];
  if (!(await reachable(first))) return [...images];
  const answers = await Promise.all(others.map(reachable));
  return others.filter((_, index) => !answers[index]);
}
