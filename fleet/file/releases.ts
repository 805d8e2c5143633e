import { z } from "zod";
import { fields, text } from "./field.ts";
import { judgeImage } from "./image.ts";
import { judgeWord } from "./word.ts";

const image = (of: string, example: string) =>
  text(judgeImage, {
    description: `${of}, by tag or digest. In production (tls mode \`acme\`) tags that float are refused.`,
    examples: [example],
  });

const images = {
  postgres: image("PostgreSQL", "docker.io/library/postgres:18.1-trixie"),
  kratos: image("Ory Kratos", "docker.io/oryd/kratos:v26.2.0"),
  hydra: image("Ory Hydra", "docker.io/oryd/hydra:v26.2.0"),
  hera: image("Hera, the login UI", "ghcr.io/olympusoss/hera:sha-0123456"),
  athena: image("Athena, the admin UI", "ghcr.io/olympusoss/athena:sha-0123456"),
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
    images: fields(images, {
      description: "One image per service.",
      examples: [
        { postgres: "docker.io/library/postgres:18.1-trixie", kratos: "docker.io/oryd/kratos:v26.2.0" },
      ],
    }),
  },
  {
    description: "Images that were tested together.",
    examples: [{ postgresMajor: 18, images: { postgres: "docker.io/library/postgres:18.1-trixie" } }],
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
      .meta({ description: "Sets of images by name.", examples: [{ "2026.11": { postgresMajor: 18 } }] }),
    hostImages: fields(
      {
        caddy: image(
          "Caddy with the module `http.handlers.rate_limit`",
          "ghcr.io/olympusoss/caddy:sha-0123456",
        ),
        firewall: image("Any image with a shell and `iptables`", "docker.io/library/docker:28.0.1-dind"),
      },
      {
        description: "Images that every host runs once, whatever releases its tenants have.",
        examples: [
          { caddy: "ghcr.io/olympusoss/caddy:sha-0123456", firewall: "docker.io/library/docker:28.0.1-dind" },
        ],
      },
    ),
  },
  { description: "The releases file, releases.yaml.", examples: [{ releases: {}, hostImages: {} }] },
);

export type ReleasesFile = z.infer<typeof releasesFile>;
export type ReleaseEntry = z.infer<typeof release>;
