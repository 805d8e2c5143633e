import { lstatSync, readFileSync } from "node:fs";

/** A reason for a person, without a stack trace. */
export class Refused extends Error {}

/**
 * The text of a file that came out of an artefact. An artefact of a pull request holds what its author likes: a link
 * would hand out a file of this runner, so only a plain file is read, and only a small one.
 * @param {string} path
 * @param {number} maxBytes
 */
export function readUntrusted(path, maxBytes) {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new Refused(`${path} is missing.`);
  if (!stat.isFile()) throw new Refused(`${path} is not a plain file.`);
  if (stat.size > maxBytes) throw new Refused(`${path} has ${stat.size} bytes; ${maxBytes} are the limit.`);
  return readFileSync(path, "utf8");
}

/** Cuts a word in two for GitHub, and not for a reader: it has no width and allows no line break. */
const joiner = "\u2060";

/** Tags that fold and structure, without attributes that could carry anything. */
const harmlessTag = /^<\/?(?:details|summary|sub|sup|br|kbd|b|i)(?: open)? ?\/?>/i;

/**
 * Markdown of somebody unknown, to be shown under the repository's own name: tables, code and emphasis stay; what
 * calls people, links, loads, refers or hides is shown as the text that it is.
 * @param {string} text
 */
export function defused(text) {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // Control characters; and those that turn the direction of writing, so that text reads otherwise than it is.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
      // Entities come first: "&#64;" is an @ by the time that GitHub looks for names.
      .replace(/&(?!(?:lt|gt|amp|quot|nbsp);)(?=[#a-z])/gi, `&${joiner}`)
      // Tags and comments, a forged marker of ours among them.
      .replace(/</g, (tag, at, all) => (harmlessTag.test(all.slice(at, at + 40)) ? tag : `<${joiner}`))
      // [text](link), ![image](link), and [name]: link
      .replace(/\](?=[(:[])/g, `]${joiner}`)
      // Bare links, and those behind a backslash, which is gone once the text is shown.
      .replace(/:(?=\\?\/\\?\/)/g, `:${joiner}`)
      .replace(/\bwww(?=\\?\.)/gi, `www${joiner}`)
      // @people and @teams, but not image@sha256:…
      .replace(/(?<![a-z0-9])@(?=[a-z0-9])/gi, `@${joiner}`)
      // #12, owner/name#12 and GH-12 leave a note at the issue that they name.
      .replace(/#(?=\d)/g, `#${joiner}`)
      .replace(/\bGH-(?=\d)/gi, `GH${joiner}-`)
  );
}

/**
 * Text in a code block that it cannot end: the fence is longer than any that it holds.
 * @param {string} text
 */
export function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.replace(/\n*$/, "\n")}${fence}`;
}

/** GitHub takes 65,536 characters in a comment or an issue, and more is written around this. */
const maxOutputCharacters = 55_000;

/**
 * A command's output in a code block, cut at its beginning: the end, where the summary is, matters most.
 * @param {string} output
 */
export function fencedEnd(output) {
  const cut = output.length > maxOutputCharacters;
  return fenced(cut ? `…\n${output.slice(-maxOutputCharacters)}` : output);
}
