/** What the host script printed: `name=value` lines. What is not one, such as a greeting of the host's, is skipped. */
export class FactLines {
  readonly #values = new Map<string, string[]>();

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const [, name, value] = /^([a-z][a-z._]*)=(.*)$/.exec(line.trimEnd()) ?? [];
      if (name === undefined || value === undefined || value === "") continue;
      const known = this.#values.get(name);
      if (known === undefined) this.#values.set(name, [value]);
      else known.push(value);
    }
  }

  /** The first value; undefined when the host did not tell. */
  one(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Undefined for what is not a whole number. */
  number(name: string): number | undefined {
    const value = this.one(name) ?? "";
    return /^\d+$/.test(value) ? Number(value) : undefined;
  }
}
