/**
 * How Cloudflare's API answers: every answer is an envelope with `success`, `errors`, `messages` and `result`.
 * Codes and texts are those of developers.cloudflare.com/api and of answers that people have shown in the issue
 * trackers of its clients.
 */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the API refuses. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly errors: readonly object[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, errors: readonly object[], headers: Readonly<Record<string, string>> = {}) {
    super(JSON.stringify(errors));
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  answer(): Answer {
    const body = { result: null, success: false, errors: this.errors, messages: [] };
    return { status: this.status, body, headers: this.headers };
  }
}

export function refusal(status: number, code: number, message: string): Refusal {
  return new Refusal(status, [{ code, message }]);
}

/** The older form: one code for all that is invalid, with the reason behind it. */
export function invalid(code: number, message: string): Refusal {
  return new Refusal(400, [
    { code: 1004, message: "DNS Validation Error", error_chain: [{ code, message }] },
  ]);
}

export function success(result: unknown, more: object = {}): Answer {
  return { status: 200, body: { result, success: true, errors: [], messages: [], ...more } };
}
