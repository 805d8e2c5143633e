import { imageReference } from "../fleet/image.ts";
import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

export function judgeImage(value: string): Fault | undefined {
  const [beforeDigest = "", digest] = value.split("@");
  if (digest?.includes("/")) {
    return {
      fault:
        "has something in front of an @, as where a user and a password stand, and anyone who reads the file has it now",
      remedy: `Write ${shown(digest)} alone, and replace the password where it is used.`,
    };
  }
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    const digits = /^sha256:([0-9a-fA-F]*)$/.exec(digest)?.[1];
    const why =
      digits === undefined
        ? "is not a digest"
        : `is not a digest: sha256 has 64 digits of 0-9a-f, this has ${digits.length === 64 ? "capitals" : digits.length}`;
    return {
      fault: `${shown(`@${digest}`)} ${why}`,
      remedy: `Write ${beforeDigest || "name:tag"}@sha256: and the 64 digits that the registry shows.`,
    };
  }
  const image = imageReference(value);
  if (image === undefined) {
    return {
      fault: `${shown(value)} is not an image reference`,
      remedy: "Write name:tag or name:tag@sha256:..., such as docker.io/oryd/kratos:v26.2.0.",
    };
  }
  if (image.tag === undefined && image.digest === undefined) {
    return {
      fault: `${shown(value)} has neither tag nor digest, which means whatever is newest`,
      remedy: `Write ${value}:TAG or ${value}@sha256:DIGEST.`,
    };
  }
  return undefined;
}

/** Tags that move by their meaning, and versions so short that they move with every release. */
const moving =
  /^(latest|stable|edge|nightly|main|master|dev|develop|next|rolling|current|lts|v?[0-9]+(-[a-z][a-z0-9]*)?)$/;

/** Why an image may be another one tomorrow; undefined when it stays. */
export function floatingFault(value: string): Fault | undefined {
  const image = imageReference(value);
  if (image === undefined || image.digest !== undefined || !moving.test(image.tag ?? "latest"))
    return undefined;
  return {
    fault: `the tag ${image.tag} floats: two hosts, or one host on two days, would run different images`,
    remedy: `Write ${image.name}@sha256:DIGEST; \`docker buildx imagetools inspect ${value}\` shows the digest.`,
  };
}
