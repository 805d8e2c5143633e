import { imageReference } from "../../fleet/image.ts";
import type { Release, Tenant } from "../../fleet/model.ts";

/**
 * Versions of Kratos and Hydra that are known to work together. Those of one calendar version, `v26.2`, are released
 * together; Olympus's own production file runs both at v26.2.0 (OlympusOSS/platform@b78a335, prod/compose.prod.yml).
 * Before, each had a version of its own, and only what was seen counts.
 */
const measuredPairs: readonly { readonly kratos: string; readonly hydra: string; readonly source: string }[] =
  [{ kratos: "v1.3.1", hydra: "v2.3.0", source: "this repository's engine tests, with Postgres 16 and 18" }];

/** Versions before this are not of a common train. */
const firstTrain = 25;

/** Supported by the Postgres project until November 2026; 16 and 18 were measured here with Kratos and Hydra. */
const postgresMajors = { oldest: 14, newest: 18 } as const;

/** What is not known to work together in the releases that tenants use; each release once. */
export function releaseWarnings(tenants: readonly Pick<Tenant, "name" | "release">[]): string[] {
  const found = new Map<string, string>();
  for (const { name, release } of tenants) {
    const whose =
      (release.ownImages ?? []).length > 0 ? `${name}, release ${release.name}` : `release ${release.name}`;
    for (const words of warnings(release)) found.set(`${whose}: ${words}`, words);
  }
  return [...found.keys()];
}

function warnings(release: Release): string[] {
  const {
    versions: { kratos, hydra },
    postgresMajor,
    postgresBase,
    images,
  } = release;
  const { oldest, newest } = postgresMajors;
  return [
    ...(kratos === undefined || hydra === undefined || isPair(kratos, hydra)
      ? []
      : [
          `Kratos ${kratos} and Hydra ${hydra} are not known to work together. Write versions of one train, such as v26.2.`,
        ]),
    ...(postgresMajor < oldest || postgresMajor > newest
      ? [
          `Postgres ${postgresMajor} is not known to work with Kratos and Hydra. Write ${oldest} to ${newest}.`,
        ]
      : []),
    ...(postgresBase === undefined
      ? [
          `Postgres's image ${images.postgres} does not say what it is built on, so one with another C library would be ` +
            `refused at its start only. ${sayingIt(release)}${movedTag(images.postgres)}`,
        ]
      : []),
  ];
}

/** A tag like the one that is there, since production refuses those that float; a tenant's own image has nothing but its tag. */
function sayingIt({ images: { postgres }, ownImages }: Release): string {
  const { tag } = imageReference(postgres) ?? {};
  const said = `a tag that says it, such as ${tag !== undefined && /^\d+(\.\d+)*$/.test(tag) ? tag : "18.1"}-trixie`;
  if (ownImages?.includes(postgres)) return `Write ${said}.`;
  return tag === undefined
    ? "Write postgresBase: trixie, for example."
    : `Write ${said}, or postgresBase: trixie.`;
}

/** Official tags without a system are of the Debian that is current when they are pushed (docker-library/postgres#1356). */
function movedTag(image: string): string {
  const { name, tag } = imageReference(image) ?? {};
  const isOfficial = name !== undefined && /^((docker\.io\/)?library\/)?postgres$/.test(name);
  if (!isOfficial || tag === undefined || tag.includes("-")) return "";
  return " Official tags that name no system mean trixie since August 2025, and meant bookworm before.";
}

function isPair(kratos: string, hydra: string): boolean {
  const train = trainOf(kratos);
  if (train !== undefined && train === trainOf(hydra)) return true;
  return measuredPairs.some((pair) => pair.kratos === kratos && pair.hydra === hydra);
}

/** `v26.2.1` is of the train 26.2. */
function trainOf(version: string): string | undefined {
  const [, year, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(year) >= firstTrain ? `${year}.${minor}` : undefined;
}
