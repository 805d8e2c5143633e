import { imageReference } from "../../fleet/image.ts";

/** Of the 64 digits people compare the first twelve, as registries show them. */
const shortDigest = (digest: string) => digest.slice("sha256:".length, "sha256:".length + 12);

/** `v26.2.0 → v26.2.1`, `v26.2.0 pinned to 4b1c0a2f9d3e`, `4b1c0a2f9d3e → 77aa00c1f02b`. */
export function imageWords(before: string, after: string): string {
  const [from, to] = [imageReference(before), imageReference(after)];
  if (from === undefined || to === undefined || from.name !== to.name) return `${before} → ${after}`;
  if (from.tag !== to.tag) return `${label(from)} → ${label(to)}`;
  const tag = to.tag === undefined ? "" : `${to.tag} `;
  if (from.digest === undefined && to.digest !== undefined)
    return `${tag}pinned to ${shortDigest(to.digest)}`;
  if (from.digest !== undefined && to.digest === undefined) return `${tag}no longer pinned`;
  return `${tag}${shortDigest(from.digest ?? "")} → ${shortDigest(to.digest ?? "")}`;
}

function label({ tag, digest }: { tag: string | undefined; digest: string | undefined }): string {
  return tag ?? (digest === undefined ? "nothing" : shortDigest(digest));
}
