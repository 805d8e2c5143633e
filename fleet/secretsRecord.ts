/** Generations that a tenant was given, as its component keeps them in the state. */
export interface SecretsRecord {
  readonly generation: number;
  readonly oldest: number;
}
