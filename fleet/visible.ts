/**
 * Signs that steer a terminal or turn the direction of what stands around them, and those that nobody sees: control
 * bytes, bidirectional marks, the byte order mark, line separators, tags, signs without any width. Line breaks and tabs are
 * what they look like, and joiners belong to scripts and to pictures.
 */
export const unseen =
  /(?![\n\t])[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

const everyUnseen = new RegExp(unseen, "gu");

/**
 * Text of a file, a host or a registry as people are shown it: an unseen sign stands there as `\u001b`, which JSON reads
 * as the sign itself.
 */
export function visible(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(everyUnseen, (sign) =>
      [...Array(sign.length).keys()]
        .map((index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, "0")}`)
        .join(""),
    );
}
