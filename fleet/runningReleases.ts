import type { Release, Tenant } from "./model.ts";
import { withImages } from "./release.ts";
import type { Service } from "./tenant/parts.ts";

/** What stands for images that no release of the file has. */
export const noRelease = "images of no release";

/**
 * Names of the releases that a tenant's services are of, by their images: one where one has them all, the tenant's own if that
 * does; several in the middle of an upgrade. Sorted; empty when nothing is known to run.
 *
 * A release that has the same images as another under a new name is that as well, so nothing has to be made again for it.
 *
 * @param images by service, as the engine has them
 * @param releases all that the file has
 */
export function runningReleases(
  images: ReadonlyMap<Service, string>,
  { release, images: own }: Pick<Tenant, "release" | "images">,
  releases: readonly Release[],
): string[] {
  const candidates = [release, ...releases.map((one) => withImages(one, own))];
  const names: string[] = [];
  let left = [...images];
  while (left.length > 0) {
    const shares = candidates.map((one) => left.filter(([service, image]) => one.images[service] === image));
    const largest = Math.max(...shares.map(({ length }) => length));
    if (largest === 0) return [...names.sort(), noRelease];
    // The first of equals: what the tenant is meant to have.
    const first = shares.findIndex(({ length }) => length === largest);
    const covered = new Set(shares[first]);
    left = left.filter((one) => !covered.has(one));
    names.push(...candidates.slice(first, first + 1).map(({ name }) => name));
  }
  return names.sort();
}
