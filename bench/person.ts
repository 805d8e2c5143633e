import { createHash, randomBytes } from "node:crypto";
import { internalUrls } from "../fleet/tenant/context.ts";
import type { TenantOutputs } from "../lab/stack/fleetStack.ts";
import type { Login } from "../test/harness/browser.ts";
import { callInside, makePerson } from "../test/harness/inside.ts";
import type { TestFleet } from "../test/harness/testFleet.ts";
import { type Answer, type Call, Visitor } from "../test/harness/visitor.ts";

const redirectUri = "https://portal.example/callback";
const random = () => randomBytes(32).toString("base64url");

/** An answer that is no success. */
export class Refused extends Error {
  readonly status: number;
  constructor(what: string, { status, text }: Answer) {
    super(`${what}: ${status} ${text.slice(0, 200)}`);
    this.status = status;
  }
}

/**
 * A person of a tenant and the applications that they use, without a browser. Each request comes from another address, since
 * a tenant's sites count what one visitor sends.
 */
export class Person {
  readonly urls: TenantOutputs["urls"];
  private readonly visitor: Visitor;
  private readonly login: Login;
  private readonly secret: string;
  private addresses = 0;

  private constructor(parts: {
    urls: TenantOutputs["urls"];
    visitor: Visitor;
    login: Login;
    secret: string;
  }) {
    this.urls = parts.urls;
    this.visitor = parts.visitor;
    this.login = parts.login;
    this.secret = parts.secret;
  }

  /** Makes an account and two clients of the tenant: `bench-app`, public, and `bench-server`, which has a secret. */
  static async of(fleet: TestFleet, tenant: string): Promise<Person> {
    const { [tenant]: outputs } = (await fleet.stack.outputs()).fleet;
    if (outputs === undefined) throw new Error(`the stack has no tenant ${tenant}`);
    const [login, secret] = [{ email: `bench@${tenant}.example`, password: random() }, random()];
    await makePerson(fleet, tenant, login);
    const clients = [
      {
        client_id: "bench-app",
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        redirect_uris: [redirectUri],
        scope: "openid offline_access",
      },
      { client_id: "bench-server", client_secret: secret, grant_types: ["client_credentials"] },
    ];
    for (const body of clients) {
      const url = `${internalUrls.hydraAdmin}/admin/clients`;
      const { status, body: text } = await callInside(fleet, tenant, url, { method: "POST", body });
      if (status !== 201) throw new Error(`${tenant}: Hydra made no client: ${status} ${text}`);
    }
    return new Person({ urls: outputs.urls, visitor: await Visitor.of(fleet), login, secret });
  }

  /** Asks for the keys that tokens are signed with. */
  async keys(): Promise<void> {
    succeeded("keys", await this.call(`${this.urls.api}/.well-known/jwks.json`), 200);
  }

  /** Takes a token in an application's own name. */
  async token(): Promise<void> {
    const basic = Buffer.from(`bench-server:${this.secret}`).toString("base64");
    const headers = { authorization: `Basic ${basic}` };
    const form = { grant_type: "client_credentials" };
    succeeded("token", await this.call(`${this.urls.api}/oauth2/token`, { headers, form }), 200);
  }

  /** Gives a refresh token, which is good once, for the next. */
  refresh(token: string): Promise<string> {
    return this.tokens({ grant_type: "refresh_token", refresh_token: token });
  }

  /** From an application to the sign-in page, through it, and back with a code for tokens; returns the refresh token. */
  async signIn(): Promise<string> {
    const verifier = random();
    const query = new URLSearchParams({
      client_id: "bench-app",
      response_type: "code",
      scope: "openid offline_access",
      redirect_uri: redirectUri,
      state: random(),
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    const walk = new Walk((url, call) => this.call(url, call));
    const page = await walk.to(`${this.urls.api}/oauth2/auth?${query}`);
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    const form = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value]));
    const { email: identifier, password } = this.login;
    await walk.to(`${this.urls.login}/login`, { ...form, identifier, password });
    const code = new URL(walk.at).searchParams.get("code");
    if (code === null) throw new Error(`the sign-in ended at ${walk.at}`);
    const exchange = {
      grant_type: "authorization_code",
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    };
    return this.tokens(exchange);
  }

  private async tokens(form: Readonly<Record<string, string>>): Promise<string> {
    const answer = await this.call(`${this.urls.api}/oauth2/token`, {
      form: { client_id: "bench-app", ...form },
    });
    succeeded("tokens", answer, 200);
    return JSON.parse(answer.text).refresh_token;
  }

  private call(url: string, call?: Call): Promise<Answer> {
    this.addresses++;
    const [high, low] = [Math.floor(this.addresses / 250) % 250, (this.addresses % 250) + 1];
    return this.visitor.at(`127.1.${high}.${low}`).call(url, call);
  }
}

function succeeded(what: string, answer: Answer, status: number): void {
  if (answer.status !== status) throw new Refused(what, answer);
}

/** Follows redirects with the cookies that it is given, up to a page or to the application. */
class Walk {
  /** Where it has come to. */
  at = "";
  private readonly cookies = new Map<string, Map<string, string>>();
  private readonly ask: (url: string, call: Call) => Promise<Answer>;

  constructor(ask: (url: string, call: Call) => Promise<Answer>) {
    this.ask = ask;
  }

  async to(url: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    this.at = url;
    const { host, origin } = new URL(url);
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(cookie !== "" && { cookie }), ...(form && { origin }) };
    const answer = await this.ask(url, { headers, ...(form && { form }) });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const { location } = answer.headers;
    if (location === undefined) {
      succeeded(url.split("?")[0] ?? url, answer, 200);
      return answer;
    }
    const next = new URL(location, url).href;
    if (!next.startsWith(redirectUri)) return this.to(next);
    this.at = next;
    return answer;
  }
}
