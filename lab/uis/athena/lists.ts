import type { ApiResponse, Identity, OAuth2Client } from "@ory/client-fetch";
import { type Html, html } from "../web/html.ts";
import { ask, Refusal } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import type { Reply } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Athena } from "./context.ts";

const pageSize = 25;

/** Kratos and Hydra name the next page only in a Link header. */
function nextPageToken(link: string | null): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return (next && new URL(next, "http://any").searchParams.get("page_token")) || undefined;
}

interface List<Item> {
  title: string;
  path: string;
  columns: readonly string[];
  row: (item: Item) => readonly Html[];
  answer: ApiResponse<Item[]> | Refusal;
}

async function listPage<Item>(visit: Visit, corner: Html, list: List<Item>): Promise<Reply> {
  if (list.answer instanceof Refusal) {
    return notice(400, visit.tenant, list.title, list.answer.words().form.join(" "));
  }
  const items = await list.answer.value();
  const next = nextPageToken(list.answer.raw.headers.get("link"));
  const { tenant, query } = visit;
  return page({
    title: list.title,
    tenant,
    corner,
    wide: true,
    body: html`<nav><a id="identities-link" href="/">Identities</a> <a id="clients-link" href="/clients">OAuth2 clients</a></nav>
<div class="scroll"><table id="list">
<thead><tr>${list.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${items.map((item) => html`<tr>${list.row(item).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>
${items.length === 0 && html`<p>There are none.</p>`}
<nav>${query.has("page_token") && html`<a id="first-page" href="${list.path}">First page</a>`}
${next !== undefined && html`<a id="next-page" href="${list.path}?${new URLSearchParams({ page_token: next }).toString()}">Next page</a>`}</nav>`,
  });
}

function pageOf(visit: Visit) {
  const pageToken = visit.query.get("page_token");
  return { pageSize, ...(pageToken && { pageToken }) };
}

function identityRow({ id, traits, state, schema_id, verifiable_addresses = [] }: Identity): readonly Html[] {
  const { email, role }: Record<string, unknown> = typeof traits === "object" ? (traits ?? {}) : {};
  const verified = verifiable_addresses.some((address) => address.verified);
  return [
    html`<span class="email">${typeof email === "string" ? email : ""}</span>`,
    html`${typeof role === "string" ? role : ""}`,
    html`${state ?? ""}`,
    html`${verified ? "yes" : "no"}`,
    html`${schema_id}`,
    html`<code>${id}</code>`,
  ];
}

export async function identityList(athena: Athena, visit: Visit, corner: Html): Promise<Reply> {
  return listPage(visit, corner, {
    title: "Identities",
    path: "/",
    columns: ["E-mail", "Role", "State", "Verified", "Schema", "Id"],
    row: identityRow,
    answer: await ask(athena.identities.listIdentitiesRaw(pageOf(visit))),
  });
}

function clientRow(client: OAuth2Client): readonly Html[] {
  return [
    html`<code class="client-id">${client.client_id}</code>`,
    html`${client.client_name}`,
    html`${client.scope}`,
    html`${(client.redirect_uris ?? []).map((uri) => html`<div>${uri}</div>`)}`,
    html`${client.token_endpoint_auth_method}`,
  ];
}

export async function clientList(athena: Athena, visit: Visit, corner: Html): Promise<Reply> {
  return listPage(visit, corner, {
    title: "OAuth2 clients",
    path: "/clients",
    columns: ["Id", "Name", "Scope", "Redirects to", "Authenticates by"],
    row: clientRow,
    answer: await ask(athena.clients.listOAuth2ClientsRaw(pageOf(visit))),
  });
}
