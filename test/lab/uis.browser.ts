/** What a browser does that these tests need: keeps cookies, fills in forms, shows where it is sent. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** Every Set-Cookie header seen, to look at the flags. */
  readonly setCookies: string[] = [];
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  async open(path: string, init: RequestInit = {}): Promise<Seen> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.#base + path, {
      ...init,
      redirect: "manual",
      headers: { ...(cookie && { cookie }), ...(init.headers as Record<string, string>) },
    });
    for (const header of response.headers.getSetCookie()) {
      this.setCookies.push(header);
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (header.includes("Max-Age=0")) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { status, headers } = response;
    return { status, headers, text: await response.text(), location: headers.get("location") ?? "" };
  }

  /** Sends the page's last form with its hidden fields, the fields given, and headers as a browser has them. */
  submit(shown: Seen, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Seen> {
    const form = /<form(?![\s\S]*<form)[\s\S]*<\/form>/.exec(shown.text)?.[0] ?? "";
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? "no form";
    const body = new URLSearchParams();
    for (const [, name = "", value = ""] of form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
      body.set(name, value);
    }
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.open(action, {
      method: "POST",
      body,
      headers: { origin: this.#base, "sec-fetch-site": "same-origin", ...headers },
    });
  }
}

export interface Seen {
  status: number;
  headers: Headers;
  text: string;
  location: string;
}
