import { createHash } from "node:crypto";
import { knownBases } from "./cLibrary.ts";

export interface ImageReference {
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const host = "(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:))(?::[0-9]{1,5})?/";
const reference = new RegExp(
  `^(?<name>(?:${host})?${component}(?:/${component})*)(?::(?<tag>[\\w][\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$`,
);

export function imageReference(text: string): ImageReference | undefined {
  const groups = reference.exec(text)?.groups;
  const name = groups?.name;
  return name === undefined ? undefined : { name, tag: groups?.tag, digest: groups?.digest };
}

/**
 * `hydra-5f3a9c1e`: the last word of a reference's name, and what no other reference has. In Pulumi's display a name with a
 * digest in it pushes everything beside it off the terminal.
 */
export function shortImageName(text: string): string {
  const { name = text } = imageReference(text) ?? {};
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${name.split("/").at(-1) ?? name}-${digest}`;
}

/** `v26.2.0`, from a tag such as `v26.2.0-distroless`. Undefined where the tag is no version, or there is none. */
export function versionInTag(image: string): string | undefined {
  const digits = /^v?(\d+\.\d+\.\d+)(?![\w.])/.exec(imageReference(image)?.tag ?? "")?.[1];
  return digits === undefined ? undefined : `v${digits}`;
}

/** 18, from a tag such as `18.1-trixie`. Undefined where the tag is no version, or there is none. */
export function majorInTag(image: string): number | undefined {
  const digits = /^v?([0-9]+)([.-]|$)/.exec(imageReference(image)?.tag ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** `trixie`, from a tag such as `18.1-trixie`; every version of Alpine is `alpine`. Undefined where the tag says nothing of it. */
export function baseInTag(image: string): string | undefined {
  const words = (imageReference(image)?.tag ?? "").toLowerCase().split("-").slice(1);
  return words
    .map((word) => word.replace(/^(alpine)[\d.]+$/, "$1"))
    .find((word) => knownBases.includes(word));
}
