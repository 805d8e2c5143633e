import { readFileSync } from "node:fs";

/**
 * Without lines that are comment alone: what is repeated for every tenant, in Pulumi's state and on the way to its host, is
 * for nobody to read.
 */
export const withoutComments = (script: string) => script.replace(/^\s*(\/\/|\/\*\*|\*).*\n/gm, "");

/** A script that is part of this program, kept as a file so that it is linted, type-checked and tested like the rest. */
export const scriptOf = (name: "bootstrap" | "probe" | "rotateKeys") =>
  readFileSync(new URL(`./${name}.script.js`, import.meta.url), "utf8");

/**
 * Runs a JavaScript module in the image of Hera or Athena: Olympus's run on Bun, the lab's on Node; both take a module from
 * the command line.
 *
 * @param first shell commands that go before it, each with a `;` at its end
 */
export const runModule = (first = ""): readonly string[] => [
  "/bin/sh",
  "-ec",
  `${first}if command -v bun > /dev/null; then exec bun -e "$1"; fi; exec node --input-type=module -e "$1"`,
  "sh",
];
