import { z } from "zod";
import { fields, text } from "./field.ts";
import { judgeImage } from "./image.ts";
import { shown } from "./pasted.ts";
import { judgeBase, judgeWord } from "./word.ts";

const image = (of: string, example: string) => {
  const description = `${of}, by tag or digest. In production (tls mode \`acme\`) tags that float are refused.`;
  return text(judgeImage, { description, examples: [example] }, true);
};

const exampleImages = {
  postgres: "docker.io/library/postgres:18.1-trixie",
  kratos: "docker.io/oryd/kratos:v26.2.0",
  hydra: "docker.io/oryd/hydra:v26.2.0",
  hera: "ghcr.io/olympusoss/hera:sha-0123456",
  athena: "ghcr.io/olympusoss/athena:sha-0123456",
};
const exampleRelease = { postgresMajor: 18, images: exampleImages };
const exampleHostImages = {
  caddy: "ghcr.io/olympusoss/caddy:sha-0123456",
  firewall: "docker.io/library/docker:28.0.1-dind",
};

const versionPattern = "^v?[0-9]+\\.[0-9]+\\.[0-9]+$";
const version = (of: string) =>
  text(
    (value) =>
      new RegExp(versionPattern).test(value)
        ? undefined
        : {
            fault: `${shown(value)} is not a version of three numbers`,
            remedy: "Write v26.2.0, for example.",
          },
    {
      description: `Version of ${of}. Default: what the image's tag says.`,
      examples: ["v26.2.0"],
      pattern: versionPattern,
    },
  ).optional();

const images = {
  postgres: image("PostgreSQL", exampleImages.postgres),
  kratos: image("Ory Kratos", exampleImages.kratos),
  hydra: image("Ory Hydra", exampleImages.hydra),
  hera: image("Hera, the login UI", exampleImages.hera),
  athena: image("Athena, the admin UI", exampleImages.athena),
};

/** Images for some services. */
export function imagesOf(description: string) {
  return fields(
    {
      postgres: images.postgres.optional(),
      kratos: images.kratos.optional(),
      hydra: images.hydra.optional(),
      hera: images.hera.optional(),
      athena: images.athena.optional(),
    },
    { description, examples: [{ kratos: "docker.io/oryd/kratos:v26.2.1" }] },
  );
}

export const release = fields(
  {
    postgresMajor: z
      .int()
      .min(14)
      .max(30)
      .meta({
        description:
          "Major version of the Postgres image. **A volume written by one major version is unreadable to another.**",
        examples: [18],
      }),
    postgresBase: text(judgeBase, {
      description:
        "What the Postgres image is built on: Debian's or Ubuntu's code name, or `alpine`. Its C library sorts text, and indexes " +
        "are in that order. **A volume made under one C library must not be used under another**: such a change is refused. " +
        "Default: what the image's tag says (`18.1-trixie`, `18.1-alpine3.22`); of a tag that does not say it, nothing is known.",
      examples: ["trixie"],
      pattern: "^[a-z][a-z0-9]*$",
    }).optional(),
    versions: fields(
      { kratos: version("Kratos"), hydra: version("Hydra") },
      {
        description:
          "Versions of images whose tag is none: a digest alone, `sha-0123456`. Without it they are not known; then settings " +
          "are those of the newest version that was tried (v26.2.0), and nothing is said of what works together.",
        examples: [{ kratos: "v26.2.0", hydra: "v26.2.0" }],
      },
    ).optional(),
    images: fields(images, {
      description: "One image per service.",
      examples: [exampleImages],
    }),
  },
  {
    description: "Images that were tested together.",
    examples: [exampleRelease],
  },
);

export const releasesFile = fields(
  {
    releases: z
      .record(
        text(judgeWord, {
          description: "Name of the release; in quotes, since YAML reads 2026.10 as 2026.1.",
          examples: ["2026.11"],
        }),
        release,
      )
      .meta({ description: "Sets of images by name.", examples: [{ "2026.11": exampleRelease }] }),
    hostImages: fields(
      {
        caddy: image(
          "Caddy 2.11 (tried with 2.11.9) with the module `http.handlers.rate_limit`, and with the app `layer4` where there is an edge",
          "ghcr.io/olympusoss/caddy:sha-0123456",
        ),
        firewall: image("Any image with a shell and `iptables`", exampleHostImages.firewall),
      },
      {
        description: "Images that every host runs once, whatever releases its tenants have.",
        examples: [exampleHostImages],
      },
    ),
  },
  {
    description: "The releases file, releases.yaml.",
    examples: [{ releases: { "2026.11": exampleRelease }, hostImages: exampleHostImages }],
  },
);

export type ReleasesFile = z.infer<typeof releasesFile>;
export type ReleaseEntry = z.infer<typeof release>;
