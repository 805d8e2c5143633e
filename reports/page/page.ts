import { createHash } from "node:crypto";
import { escaped } from "./html.ts";
import { style as ownStyle } from "./style.ts";

interface PageArgs {
  readonly title: string;
  /** HTML below the title. */
  readonly lead: string;
  /** HTML of the rest. */
  readonly main: string;
  /** Rules of this page alone. */
  readonly css: string;
  /**
   * Seconds after which a browser loads the page again, for screens that nobody touches. It moves a reader back to the top,
   * and a screen reader begins again: never for a page that people read.
   * @default never
   */
  readonly refreshSeconds?: number | undefined;
}

/**
 * A page that needs nothing else: no script, no font, no picture from anywhere. The policy in it lets a browser apply this
 * style sheet and do nothing more, whatever a name or a message may hold.
 */
export function htmlPage({ title, lead, main, css, refreshSeconds }: PageArgs): string {
  const style = `${ownStyle}${css}\n`;
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const refresh =
    refreshSeconds === undefined ? "" : `\n<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">${refresh}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
${lead}
</header>
<main>
${main}
</main>
</body>
</html>
`;
}
