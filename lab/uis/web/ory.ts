import { Configuration, FetchError, ResponseError } from "@ory/client-fetch";

/**
 * Nobody waits longer for a page; a hung upstream must not pile up requests in a small container. Kratos takes up to
 * 20 s for a new password when the list of breached ones is out of reach (five tries, 1 to 8 s apart), as it is
 * wherever there is no Internet.
 */
const patienceMilliseconds = 30_000;

/** Kratos or Hydra did not answer, or answered that it is broken. */
export class UpstreamDown extends Error {}

/** A fetch to an address of the tenant's own network. Redirects are answers here, never followed. */
export async function upstreamFetch(
  input: string | URL | Request,
  init: RequestInit = {},
  patience = patienceMilliseconds,
): Promise<Response> {
  try {
    return await fetch(input, { ...init, redirect: "manual", signal: AbortSignal.timeout(patience) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new UpstreamDown(`${new URL(input instanceof Request ? input.url : input).host}: ${cause}`);
  }
}

export const oryAt = (basePath: string) =>
  // Without it Kratos takes us for a browser and hides the reason of a refusal behind a redirect.
  new Configuration({ basePath, fetchApi: upstreamFetch, headers: { accept: "application/json" } });

interface Message {
  id: number;
  text: string;
  type: string;
}

/** The part of a Kratos flow that says what is wrong with it. */
interface FlowWords {
  messages?: readonly Message[];
  nodes?: readonly { attributes: object; messages?: readonly Message[] }[];
}

/** What Kratos and Hydra send with a status of 4xx, as far as it is used here. */
interface RefusalBody {
  ui?: FlowWords;
  error?: { id?: string; reason?: string; message?: string } | string;
}

export interface Faults {
  form: readonly string[];
  fields: ReadonlyMap<string, string>;
}

/** Words for the person: about the whole form, and by the name of a field. */
export function flowFaults(
  { messages = [], nodes = [] }: FlowWords,
  otherwise = "That was refused.",
): Faults {
  const errors = (list: readonly Message[]) =>
    list.filter(({ type }) => type === "error").map((message) => message.text);
  const fields = new Map<string, string>();
  for (const { attributes, messages: own = [] } of nodes) {
    const text = errors(own).join(" ");
    if (text && "name" in attributes) fields.set(String(attributes.name), text);
  }
  const form = errors(messages);
  return { form: form.length === 0 && fields.size === 0 ? [otherwise] : form, fields };
}

export class Refusal {
  readonly status: number;
  readonly body: RefusalBody;
  constructor(status: number, body: RefusalBody) {
    this.status = status;
    this.body = body;
  }

  get #error() {
    return typeof this.body.error === "object" ? this.body.error : undefined;
  }

  get errorId() {
    return this.#error?.id;
  }

  /** Kratos marks some of its disabled flows by id, the others only in words. */
  get disabled() {
    return this.errorId === "self_service_flow_disabled" || /\bdisabled\b/.test(this.#error?.reason ?? "");
  }

  /** The person took longer than the flow lives, or it was used up. */
  get expired() {
    return this.status === 410 || this.status === 404;
  }

  hasMessage(id: number) {
    return (this.body.ui?.messages ?? []).some((message) => message.id === id);
  }

  words(): Faults {
    return flowFaults(this.body.ui ?? {}, this.#error?.reason ?? this.#error?.message);
  }
}

export const noFaults: Faults = { form: [], fields: new Map() };
export const formFault = (text: string): Faults => ({ form: [text], fields: new Map() });

/** The answer, or Ory's reason for refusing: both are ordinary here. Only an upstream that is down throws. */
export async function ask<T>(call: Promise<T>): Promise<T | Refusal> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof FetchError) throw new UpstreamDown(error.cause.message);
    if (!(error instanceof ResponseError)) throw error;
    const { status, url } = error.response;
    if (status >= 500) throw new UpstreamDown(`${new URL(url).host}: answered ${status}`);
    const body = await error.response.json().catch(() => ({}));
    return new Refusal(status, typeof body === "object" && body !== null ? body : {});
  }
}
