import { type EngineApi, EngineSilent } from "../../hosts/engineApi.ts";
import { hasImage, registryOf } from "../../reports/doctor/checks/images.ts";
import type { EngineFacts } from "../../reports/doctor/facts/engine.ts";
import type { ImageAnswer } from "../../reports/doctor/facts/facts.ts";
import { imagesOf, type Subject } from "../../reports/doctor/subject.ts";

/** An engine itself gives up on a name that nobody resolves after about as long. */
const patienceSeconds = 25;

/** Docker asks a registry for an image without pulling it. Podman has no such call, and nothing is known then. */
export async function askForImages(
  api: EngineApi,
  subject: Subject,
  { kind, images }: EngineFacts,
): Promise<Map<string, ImageAnswer>> {
  if (kind === "podman") return new Map();
  const missing = imagesOf(subject).filter((image) => !hasImage(images, image));
  const registries = new Map<string, string[]>();
  for (const image of missing) {
    const registry = registryOf(image);
    registries.set(registry, [...(registries.get(registry) ?? []), image]);
  }
  const answers = await Promise.all([...registries.values()].map((of) => askRegistry(api, of)));
  return new Map(answers.flat());
}

/** One after another: a registry that does not answer is asked once, not once per image. */
async function askRegistry(api: EngineApi, images: readonly string[]): Promise<[string, ImageAnswer][]> {
  const answers: [string, ImageAnswer][] = [];
  for (const image of images) {
    const answer = await askForImage(api, image);
    if ("status" in answer && (answer.status === 0 || answer.status >= 500)) {
      return [...answers, ...images.slice(answers.length).map((one): [string, ImageAnswer] => [one, answer])];
    }
    answers.push([image, answer]);
  }
  return answers;
}

async function askForImage(api: EngineApi, image: string): Promise<ImageAnswer> {
  try {
    const { status, body } = await api.get(`/distribution/${image}/json`, patienceSeconds);
    if (status === 200) return { platforms: platformsOf(body) };
    const message =
      typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
    return { status, message: message === "" ? `the engine answers ${status}` : message };
  } catch (error) {
    if (error instanceof EngineSilent) return { status: 0, message: error.message };
    throw error;
  }
}

function platformsOf(body: unknown): string[] {
  const listed =
    typeof body === "object" && body !== null && "Platforms" in body ? body.Platforms : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((platform: { os?: unknown; architecture?: unknown }) =>
    typeof platform.os === "string" && platform.os !== ""
      ? [`${platform.os}/${String(platform.architecture)}`]
      : [],
  );
}
