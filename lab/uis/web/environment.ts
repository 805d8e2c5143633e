import { parseUrl } from "./url.ts";

/** What the program accepts for one environment variable. */
export interface Variable {
  /** Stop the start when it is missing. An empty value counts as missing, as in the images' own check. */
  required?: true;
  /** Says what is wrong with a value, or nothing. Must not repeat the value: it may be a secret. */
  check?: (value: string) => string | undefined;
}

type Contract = Readonly<Record<string, Variable>>;

/** Required variables are strings for sure, the others may be absent. */
export type Environment<C extends Contract> = {
  readonly [Name in keyof C]: C[Name] extends { required: true } ? string : string | undefined;
};

/** All faults of an environment in one line, so that an operator repairs it in one go. */
export class ContractBroken extends Error {
  constructor(program: string, faults: readonly string[]) {
    super(`${program}: cannot start: ${faults.join("; ")}`);
  }
}

export function readEnvironment<const C extends Contract>(
  program: string,
  contract: C,
  environment: Readonly<Record<string, string | undefined>>,
): Environment<C> {
  const faults: string[] = [];
  const values: Record<string, string | undefined> = {};
  for (const [name, { required, check }] of Object.entries(contract)) {
    const value = environment[name] || undefined;
    values[name] = value;
    if (value === undefined) {
      if (required) faults.push(`${name} is missing`);
      continue;
    }
    const fault = check?.(value);
    if (fault) faults.push(`${name} ${fault}`);
  }
  if (faults.length > 0) throw new ContractBroken(program, faults);
  return values as Environment<C>;
}

/** An address of a server, without a trailing slash, because paths are appended to it. */
export const serverUrl = (value: string) => {
  const url = parseUrl(value);
  if (!url || !["http:", "https:"].includes(url.protocol)) return "is not an http or https URL";
  if (url.search || url.hash || value.endsWith("/"))
    return "must end after its host or path, without a slash";
  return undefined;
};

/**
 * Only parsed: the real images keep their settings and audit tables there and make them on first use. The
 * stand-ins have nothing to keep, and a Postgres driver would be their only heavy dependency.
 */
export const databaseUrl = (value: string) => {
  const url = parseUrl(value);
  if (!url || !["postgres:", "postgresql:"].includes(url.protocol)) return "is not a postgres URL";
  if (!url.hostname || !url.username || url.pathname.length < 2) return "needs a user, a host and a database";
  // The real images' driver forwards this to the server, which refuses the connection; a lab that accepts it
  // would hide the mistake. Their certificate authority comes by NODE_EXTRA_CA_CERTS.
  if (url.searchParams.has("sslrootcert")) return "has sslrootcert, which the driver passes on to the server";
  return undefined;
};

export const tableName = (value: string) =>
  /^[a-z_]+$/.test(value) ? undefined : "may hold only a-z and underscores";

export const encryptionKey = (value: string) => {
  const bytes = Buffer.byteLength(value);
  if (bytes < 32) return `has ${bytes} bytes, needs at least 32`;
  return new Set(value).size < 8 ? "repeats too few characters to be a random key" : undefined;
};

export const base64Key = (value: string) => {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return "is not base64";
  const bytes = Buffer.from(value, "base64").length;
  return bytes < 32 ? `decodes to ${bytes} bytes, needs at least 32` : undefined;
};

export const portNumber = (value: string) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : "is not a port number";

export const onOff = (value: string) =>
  value === "true" || value === "false" ? undefined : "must be true or false";

export const milliseconds = (value: string) =>
  /^[1-9]\d{0,5}$/.test(value) ? undefined : "must be milliseconds, 1 to 999999";
