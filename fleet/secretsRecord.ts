/** Generations that a tenant was given, as its component keeps them in the state. */
export interface SecretsRecord {
  readonly generation: number;
  readonly oldest: number;
  /** Root keys that they were derived from, in the order of `since`. Undefined in states of before they were noted. */
  readonly roots?: readonly RootRecord[] | undefined;
}

/** A root key, as the state may have it in plain text. */
export interface RootRecord {
  /** The first generation that is derived from it. */
  readonly since: number;
  /** The stack secret that it was read from, `root-acme`. Undefined for the one that Pulumi has made. */
  readonly key?: string | undefined;
  readonly fingerprint: string;
}
