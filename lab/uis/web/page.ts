import { createHash } from "node:crypto";
import { Html, html } from "./html.ts";
import type { FormsLead, Reply } from "./reply.ts";
import { styleSheet } from "./styleSheet.ts";

const styleHash = `sha256-${createHash("sha256").update(styleSheet).digest("base64")}`;

export function securityHeaders(formsLead: FormsLead): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    "img-src data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(formsLead === "here" ? ["form-action 'self'"] : []),
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    // Challenges and flow ids are in our addresses. Not no-referrer: it would blank the Origin of our own forms.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cache-control": "no-store",
  };
}

export interface Page {
  title: string;
  /** The host name in the browser's address, so that a person sees whose page this is. */
  tenant: string;
  body: Html;
  status?: number;
  formsLead?: FormsLead;
  cookies?: readonly string[];
  /** Wider, for tables. */
  wide?: boolean;
  /** Links and the like beside the tenant's name. */
  corner?: Html | undefined;
}

export function page({
  title,
  tenant,
  body,
  status = 200,
  formsLead = "here",
  cookies = [],
  wide,
  corner,
}: Page): Reply {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${tenant}</title>
<link rel="icon" href="data:,">
<style>${new Html(styleSheet)}</style>
</head>
<body>
<header><span id="tenant">${tenant}</span>${corner}</header>
<main${wide && html` class="wide"`}>
<h1 id="title">${title}</h1>
${body}
</main>
</body>
</html>
`;
  return { status, body: document.text, type: "text/html; charset=utf-8", formsLead, cookies };
}

/** A page that only says something, for errors above all. */
export const notice = (status: number, tenant: string, title: string, text: string, more?: Html): Reply =>
  page({ title, tenant, status, body: html`<p id="message" role="alert">${text}</p>${more}` });
