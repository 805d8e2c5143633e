import { expect, test } from "vitest";
import { shortImageName } from "../../fleet/image.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

test.each([
  [`ghcr.io/olympusoss/hydra:v26.2.0@${digest}`, "hydra-"],
  [`127.0.0.1:5000/olympus/hydra@${digest}`, "hydra-"],
  ["postgres:18.1-trixie", "postgres-"],
])("%s has a name that is short and its own", (reference, word) => {
  const name = shortImageName(reference);
  expect(name).toMatch(new RegExp(`^${word}[0-9a-f]{8}$`));
  expect(shortImageName(reference)).toBe(name);
});

test("another tag, digest or registry is another name", () => {
  const references = [
    `ghcr.io/olympusoss/hydra@${digest}`,
    `mirror.example.org/olympusoss/hydra@${digest}`,
    `ghcr.io/olympusoss/hydra:v26.2.0@${digest}`,
    "ghcr.io/olympusoss/hydra:v26.2.0",
    "ghcr.io/olympusoss/hydra:v26.2.1",
  ];
  expect(new Set(references.map(shortImageName)).size).toBe(references.length);
});
