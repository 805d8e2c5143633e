import type { ErrorCode } from "yaml";
import type { Fault } from "./fault.ts";

// The parser's own sentences name tokens of its grammar, and may quote what stands there, a secret included.
// These say what an author most likely did.
const sentences: Partial<Record<ErrorCode, Fault>> = {
  DUPLICATE_KEY: {
    fault: "this key stands twice in the same map, and only one of them could count",
    remedy: "Write it once: merge the two, or rename one.",
  },
  TAB_AS_INDENT: {
    fault: "a tab indents this line, which YAML forbids",
    remedy: "Write spaces, two per level.",
  },
  BAD_INDENT: {
    fault: "the indentation does not fit the lines around it, or a bracket is not closed",
    remedy: "Write two spaces per level, and close every [ and {.",
  },
  MULTIPLE_DOCS: {
    fault: "a second document starts here (---), and the file is one document",
    remedy: "Write everything under one set of top-level keys.",
  },
  MULTILINE_IMPLICIT_KEY: {
    fault: "this line is neither `key: value` nor part of a list",
    remedy: "Write a colon and a space after the key.",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    fault: "two `key: value` stand on one line",
    remedy: "Write each on its own line, or put quotes around a text that has a colon in it.",
  },
  MISSING_CHAR: {
    fault: "a quote, bracket, comma or colon is missing here",
    remedy: "Write the missing character; every quote and bracket needs its partner.",
  },
  BAD_SCALAR_START: {
    fault: "plain text cannot start with this character",
    remedy: "Write quotes around the text.",
  },
  BAD_DQ_ESCAPE: {
    fault: "this backslash sequence is unknown within double quotes",
    remedy: "Write single quotes, or two backslashes for one.",
  },
  BLOCK_IN_FLOW: {
    fault: "an indented map or list starts inside of [ ] or { }: a bracket above is not closed",
    remedy: "Write its ] or }, or leave the bracket out and indent.",
  },
  RESOURCE_EXHAUSTION: {
    fault: "brackets or lines are nested too deeply to be a fleet",
    remedy: "Write it in plain block style, as docs/tenants.md shows.",
  },
  TAG_RESOLVE_FAILED: {
    fault: "a YAML tag (!name) stands here, and the fleet knows none",
    remedy: "Write the plain value without the tag.",
  },
  BAD_ALIAS: {
    fault: "an alias or anchor (*name, &name) is not complete, or names nothing",
    remedy: "Write the value itself; put quotes around a text that starts with * or &.",
  },
};

/** Mistakes that end where they stand. After any other the parser guesses, and finds what is not there. */
const contained: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "DUPLICATE_KEY",
  "TAB_AS_INDENT",
  "BAD_SCALAR_START",
  "BAD_DQ_ESCAPE",
  "TAG_RESOLVE_FAILED",
  "BAD_ALIAS",
]);

interface SyntaxError {
  readonly code: ErrorCode;
  readonly pos: readonly [number, number];
  readonly message: string;
}

/** All mistakes that stand for themselves, and of the others the first. */
export function tellingErrors<Reported extends SyntaxError>(errors: readonly Reported[]): Reported[] {
  const sorted = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const first = sorted.find(({ code }) => !contained.has(code));
  return sorted.filter((error) => error === first || contained.has(error.code));
}

export function syntaxFault(code: ErrorCode, said: string): Fault {
  const aliased = /alias/i.test(said) && !/alias/i.test(code) ? sentences.BAD_ALIAS : undefined;
  return (
    aliased ??
    sentences[code] ?? {
      fault: `this is not YAML (${code.toLowerCase().replaceAll("_", " ")})`,
      remedy: "Write `key: value` with two spaces per level, as docs/tenants.md shows.",
    }
  );
}

export function aliasFault(anchor: string): Fault {
  return {
    fault: `the alias *${anchor} is refused: an edit at its anchor would change this line too, unseen in review`,
    remedy: "Write the value out, or put it under defaults.",
  };
}

/** What git leaves where two edits of the same lines met. */
export const conflictFault: Fault = {
  fault: "a merge conflict begins here that nobody has settled",
  remedy:
    "Write the lines as they should be, and take out those that begin with <<<<<<<, ======= and >>>>>>>.",
};

export const mergeFault: Fault = {
  fault: "the merge key << is refused: an edit at its anchor would change this entry too, unseen in review",
  remedy: "Write the fields out, or put them under defaults.",
};

export function keyFault(written: string | undefined): Fault {
  if (written === undefined)
    return { fault: "a key must be text, not a map or a list", remedy: "Write `name: value`." };
  if (written === "__proto__") return { fault: "__proto__ cannot be a name", remedy: "Write another name." };
  if (written === "")
    return { fault: "a key is missing before the colon", remedy: "Write a name before the colon." };
  return {
    fault: `YAML does not read the key ${written} as text`,
    remedy: `Write it in quotes: ${JSON.stringify(written)}.`,
  };
}
