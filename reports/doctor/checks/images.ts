import { imageReference } from "../../../fleet/image.ts";
import { answered, type ImageAnswer } from "../facts/facts.ts";
import { Findings, inFile, onHost } from "../finding.ts";
import { imagesOf } from "../subject.ts";
import type { Check } from "./check.ts";
import { imageArchitecture } from "./kernel.ts";

/** The engine has its images, or can get them, for its own architecture. */
export const images: Check = (subject, facts) => {
  const engine = answered(facts.engine);
  if (engine === undefined) return [];
  const findings = new Findings("images");
  const wanted = imagesOf(subject);
  const architecture = imageArchitecture(engine.info.Architecture ?? "");
  const missing = wanted.filter((image) => !hasImage(engine.images, image));
  const refused = new Map<string, { cause: string; images: string[] }>();
  for (const image of missing) {
    const answer = facts.images.get(image);
    if (answer === undefined) continue;
    if ("platforms" in answer) {
      const isFor = architecture === undefined || answer.platforms.includes(`linux/${architecture}`);
      // An image for one architecture alone does not always say for which.
      if (isFor || answer.platforms.length === 0) continue;
      findings.error(
        `${image} exists for ${answer.platforms.join(", ")}, not for linux/${architecture}`,
        "Its containers would not start.",
        inFile("In releases.yaml pin an image that exists for the host", `# ${image}`),
      );
      continue;
    }
    const cause = causeOf(answer);
    const key = `${registryOf(image)} ${cause}`;
    refused.set(key, { cause, images: [...(refused.get(key)?.images ?? []), image] });
  }
  for (const { cause, images: of } of refused.values()) {
    const [first = ""] = of;
    findings.warning(
      `cannot get ${of.length === 1 ? first : `${of.length} images from ${registryOf(first)}`}: ${cause}`,
      "The first `pulumi up` would stop at it.",
      onHost(`${engine.kind} pull ${first}`),
    );
  }
  if (findings.list.length > 0) return findings.list;
  const unasked = missing.filter((image) => !facts.images.has(image));
  if (unasked.length > 0) {
    return findings.unknown(
      `${unasked.length} of ${wanted.length} images are not here, and this engine cannot be asked for them without a pull`,
      "The first `pulumi up` pulls them.",
      onHost(`${engine.kind} pull ${unasked[0]}`),
    ).list;
  }
  const here = wanted.length - missing.length;
  return findings.ok(
    here === wanted.length ? `all ${here} are here` : `${here} are here, ${missing.length} can be had`,
  ).list;
};

/** Where an image comes from. Docker's rule: a first part without dot, port or `localhost` belongs to its own registry. */
export function registryOf(reference: string): string {
  const [first = "", ...rest] = (imageReference(reference)?.name ?? reference).split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

function causeOf({ status, message }: Exclude<ImageAnswer, { platforms: unknown }>): string {
  if (status === 401 || status === 403)
    return "its registry shows it to nobody without credentials, or has none";
  return message.replace(/^Get "?[^"\s]*"?: /, "").trim();
}

/** Whether an engine lists an image; Docker leaves its own registry's name out, and the tag where there is a digest. */
export function hasImage(known: ReadonlySet<string>, reference: string): boolean {
  const image = imageReference(reference);
  if (image === undefined) return known.has(reference);
  const rest = image.digest === undefined ? `:${image.tag}` : `@${image.digest}`;
  const short = image.name.replace(/^docker\.io\/(library\/)?/, "");
  return [image.name, short, `docker.io/${short}`, `docker.io/library/${short}`].some((name) =>
    known.has(`${name}${rest}`),
  );
}
