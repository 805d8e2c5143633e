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

/** Another one for other images or another name. What the file says of images beside that makes no other release. */
export function releaseId({ name, images: { postgres, kratos, hydra, hera, athena } }: Release): string {
  const text = JSON.stringify([name, postgres, kratos, hydra, hera, athena]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
