import { createHash } from "node:crypto";

/** Text for a page and for a Caddyfile: every character that means something to either as a number (`&#60;`). */
const html = (text: string) =>
  text.replace(/[^\w .,;:'-]/gu, (character) => `&#${character.codePointAt(0)};`);

/**
 * Pages of a tenant's login site for where the UI behind it has none. Hera @519efa0 has /login, /consent, /logout and
 * /health alone, while Hydra and Kratos send people to others: after signing out, after an error, from a message.
 *
 * They are snippets of the host's Caddyfile, which take the tenant's name. Nothing that a visitor sends is on them:
 * anyone who writes a link to /error chooses its words, and they would look like the tenant's.
 */
export const snippets = { path: "page_of_path", error: "page_of_error" } as const;

const style =
  "body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1a1a1a;background:#f6f6f6}" +
  "main{max-width:26rem;margin:18vh auto 0;padding:2rem;background:#fff;border-radius:8px}" +
  "p{margin:.5rem 0}h1{font-size:1.3rem;margin:.5rem 0}";
const styleHash = createHash("sha256").update(style).digest("base64");

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** On one line, since Caddy would take a line with a brace alone for the end of a block. */
const document = [
  '<!doctype html><html lang="en"><head><meta charset="utf-8">',
  '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
  '<title>{page_title} · {args[0]}</title><link rel="icon" href="data:,">',
  `<style>${style}</style></head><body><main><p id="tenant">{args[0]}</p>`,
  '<h1 id="title">{page_title}</h1><p id="message">{page_text}</p></main></body></html>',
].join("");

/** What stands on a page. Words are for people, plain text; `status` may be a placeholder. */
export interface Page {
  readonly title: string;
  readonly text: string;
  readonly status: number | string;
}

const goBack = "Go back to the application that you came from and start again.";

/** By path. Hydra leads people to `/` after they signed out, Kratos after a flow that knows nowhere else to go. */
const pagesOfPaths: Readonly<Record<string, Page>> = {
  "/": {
    title: "Nothing is open here",
    text: "This is where people of this organisation sign in. Open the application that you want to use; it leads here.",
    status: 200,
  },
  "/error": { title: "That did not work", text: `The request was refused. ${goBack}`, status: 400 },
  "/registration": notHere("create an account"),
  "/recovery": notHere("recover an account"),
  "/verification": notHere("verify an address"),
  "/settings": notHere("change a password"),
};
const pageOfOtherPaths: Page = {
  title: "Page not found",
  text: `There is nothing at this address. ${goBack}`,
  status: 404,
};

function notHere(what: string): Page {
  return {
    title: "Not available here",
    text: `There is no page here to ${what}. Ask the people who run your application.`,
    status: 404,
  };
}

/** By status, of what Caddy itself answers. */
const pagesOfErrors: Readonly<Record<string, Page>> = {
  "413": { title: "That was too much", text: "What was sent is larger than any form here.", status: 413 },
  "429": {
    title: "Too many attempts",
    text: "Too much was sent from your network in a short time. Wait a little, then try again.",
    status: 429,
  },
};
const pageOfOtherErrors: Page = {
  title: "Not available at the moment",
  text: "The service behind this page does not answer. Try again in a minute.",
  status: "{err.status_code}",
};

/** Paths whose 404 is always answered with a page; any other one only where a browser opens it as a page. */
export const pagePaths = Object.keys(pagesOfPaths);

function map(by: string, pages: Readonly<Record<string, Page>>, otherwise: Page): string[] {
  const words = ({ title, text, status }: Page) => `"${html(title)}" "${html(text)}" "${status}"`;
  return [
    `	map ${by} {page_title} {page_text} {page_status} {`,
    ...Object.entries(pages).map(([key, page]) => `		${key} ${words(page)}`),
    `		default ${words(otherwise)}`,
    "	}",
  ];
}

const snippet = (name: string, lines: readonly string[]) => [`(${name}) {`, ...lines, "}"].join("\n");

/** For the host's Caddyfile. */
export const pageSnippets = [
  snippet("page", [
    '	header Content-Type "text/html; charset=utf-8"',
    "	header Cache-Control no-store",
    `	header Content-Security-Policy "${policy}"`,
    `	respond \`${document}\` {page_status}`,
  ]),
  snippet(snippets.path, [...map("{path}", pagesOfPaths, pageOfOtherPaths), "	import page {args[0]}"]),
  snippet(snippets.error, [
    ...map("{err.status_code}", pagesOfErrors, pageOfOtherErrors),
    "	import page {args[0]}",
  ]),
].join("\n\n");

/** One page for all that a site is asked. It makes do with what every host's Caddyfile has had from the first version on. */
export function pageOf(tenant: string, page: Page): string[] {
  return [...map("{host}", {}, page), `	import page ${html(tenant)}`];
}

/** Inside of `reverse_proxy`: a visit that the UI answers with 404 gets a page. What was sent to it keeps its answer. */
export function missingPage(tenant: string): string[] {
  return [
    "		@missing status 404",
    "		handle_response @missing {",
    "			@page {",
    "				method GET HEAD",
    `				expression \`path(${pagePaths.map((path) => `'${path}'`).join(", ")}) || header({'Accept': '*text/html*'})\``,
    "			}",
    "			handle @page {",
    `				import ${snippets.path} ${html(tenant)}`,
    "			}",
    "			handle {",
    "				copy_response",
    "			}",
    "		}",
  ];
}

/** What Caddy itself answers: never kept by a cache. */
export function errorPages(tenant: string, pages: boolean): string[] {
  const answer = pages
    ? [`		import ${snippets.error} ${html(tenant)}`]
    : ["		header Cache-Control no-store", '		respond "" {err.status_code}'];
  return ["	handle_errors {", ...answer, "	}"];
}
