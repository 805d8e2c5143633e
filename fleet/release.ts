import { createHash } from "node:crypto";
import { baseInTag, versionInTag } from "./image.ts";
import type { OwnImages, Release, VersionedService } from "./model.ts";

/** A release with a tenant's own images in place of its own. */
export function withImages(release: Release, images: OwnImages): Release {
  // What the release says of its image says nothing of a tenant's own.
  const versionOf = (service: VersionedService) =>
    images[service] === undefined ? release.versions[service] : versionInTag(images[service]);
  return {
    ...release,
    postgresBase: images.postgres === undefined ? release.postgresBase : baseInTag(images.postgres),
    versions: { kratos: versionOf("kratos"), hydra: versionOf("hydra") },
    ownImages: [...new Set(Object.values(images).filter((image) => image !== undefined))],
    images: {
      postgres: images.postgres ?? release.images.postgres,
      kratos: images.kratos ?? release.images.kratos,
      hydra: images.hydra ?? release.images.hydra,
      hera: images.hera ?? release.images.hera,
      athena: images.athena ?? release.images.athena,
    },
  };
}

/** Each tenant's is asked for once for every other tenant of its ring. */
const ids = new WeakMap<Release, string>();

/** Another one for other images or another name. What the file says of images beside that makes no other release. */
export function releaseId(release: Release): string {
  const known = ids.get(release);
  if (known !== undefined) return known;
  const { postgres, kratos, hydra, hera, athena } = release.images;
  const text = JSON.stringify([release.name, postgres, kratos, hydra, hera, athena]);
  const id = createHash("sha256").update(text).digest("hex").slice(0, 12);
  ids.set(release, id);
  return id;
}
