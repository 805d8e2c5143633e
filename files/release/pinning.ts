import { isMap, isScalar, parseDocument } from "yaml";
import { imageReference } from "../../fleet/image.ts";

/** An image of the release file that has to be, or is, named by digest. */
export interface Pin {
  /** `releases["2026.11"].images.hera`, for messages. */
  readonly path: string;
  /** As the file has it. */
  readonly reference: string;
  /** Where the reference lies in the text. */
  readonly start: number;
  readonly end: number;
}

/** The images of a release and of the hosts, in the order of the file. Undefined when there is no such release. */
export function pinsOf(text: string, release: string): Pin[] | undefined {
  const document = parseDocument(text);
  const images = document.getIn(["releases", release, "images"], true);
  if (!isMap(images)) return undefined;
  return [
    ...pinsIn(images, `releases[${JSON.stringify(release)}].images`),
    ...pinsIn(document.getIn(["hostImages"], true), "hostImages"),
  ];
}

function pinsIn(node: unknown, path: string): Pin[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    if (!isScalar(value) || typeof value.value !== "string" || !value.range) return [];
    const [start, end] = value.range;
    return [{ path: `${path}.${isScalar(key) ? key.value : "?"}`, reference: value.value, start, end }];
  });
}

/**
 * The text with digests written behind the references; every other byte stays, comments and quotes too.
 *
 * @param digests digest by reference; a reference without one stays
 */
export function pinned(text: string, pins: readonly Pin[], digests: ReadonlyMap<string, string>): string {
  // From the end, so that earlier places stay where they are.
  return [...pins]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { reference, start, end }) => {
      const digest = digests.get(reference);
      if (digest === undefined) return rest;
      const written = rest.slice(start, end).replace(reference, `${reference}@${digest}`);
      return rest.slice(0, start) + written + rest.slice(end);
    }, text);
}

export const isPinned = (reference: string) => imageReference(reference)?.digest !== undefined;

/** Where an image is asked for. */
export interface Location {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Docker's rules: a first part without dot, port or `localhost` is a repository of Docker's own registry. */
export function locationOf(reference: string): Location | undefined {
  const image = imageReference(reference);
  if (image?.tag === undefined) return undefined;
  const [first = "", ...rest] = image.name.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = isHost ? first : "docker.io";
  const repository = isHost ? rest.join("/") : image.name;
  if (registry !== "docker.io") return { registry, repository, tag: image.tag };
  const inLibrary = repository.includes("/") ? repository : `library/${repository}`;
  return { registry: "registry-1.docker.io", repository: inLibrary, tag: image.tag };
}
