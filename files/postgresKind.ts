import { baseInTag, majorInTag } from "../fleet/image.ts";
import type { PostgresKind } from "../fleet/postgresVolume.ts";
import type { Files } from "./files.ts";

/** By its tag, and where that says nothing by a release that has it. */
export function postgresKind({ releases }: Files, image: string): PostgresKind {
  const release = Object.values(releases.value?.releases ?? {}).find(
    ({ images }) => images.postgres === image,
  );
  return {
    major: majorInTag(image) ?? release?.postgresMajor,
    base: baseInTag(image) ?? release?.postgresBase,
  };
}
