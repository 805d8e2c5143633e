/** What a finding means for the host: an error keeps the fleet from it, a warning will be a problem some day. */
export type Level = "error" | "warning" | "unknown" | "ok";

/** What to do, as lines that can be copied. */
export interface Remedy {
  /** Where the lines belong: a shell on the host, a shell on this machine, or a file of the project. */
  readonly where: "host" | "here" | "file";
  /** What the lines do, where they do not say it themselves. One sentence without a full stop. */
  readonly words?: string;
  /** Commands, or lines of `Pulumi.<stack>.yaml` or `tenants.yaml`. */
  readonly lines: readonly string[];
}

/** One thing that was looked at. All but `ok` say why it matters and what to do. */
export type Finding =
  | { readonly check: string; readonly level: "ok"; readonly found: string }
  | {
      readonly check: string;
      readonly level: Exclude<Level, "ok">;
      /** What was found, in one clause without a full stop. */
      readonly found: string;
      /** What goes wrong with it, in one or two sentences. */
      readonly why: string;
      readonly remedy: Remedy;
    };

/** Findings of one group of checks. */
export class Findings {
  readonly list: Finding[] = [];
  readonly #check: string;

  constructor(check: string) {
    this.#check = check;
  }

  ok(found: string): this {
    this.list.push({ check: this.#check, level: "ok", found });
    return this;
  }

  error(found: string, why: string, remedy: Remedy): this {
    return this.#add("error", found, why, remedy);
  }

  warning(found: string, why: string, remedy: Remedy): this {
    return this.#add("warning", found, why, remedy);
  }

  /** What the host would not tell; the remedy is how to look. */
  unknown(found: string, why: string, remedy: Remedy): this {
    return this.#add("unknown", found, why, remedy);
  }

  #add(level: Exclude<Level, "ok">, found: string, why: string, remedy: Remedy): this {
    this.list.push({ check: this.#check, level, found, why, remedy });
    return this;
  }
}

/** Commands for a shell on the host. */
export const onHost = (...lines: readonly string[]): Remedy => ({ where: "host", lines });

/** Commands for a shell on the machine that runs this program. */
export const here = (...lines: readonly string[]): Remedy => ({ where: "here", lines });

/** Lines of a file of the project, with a word on which. */
export const inFile = (words: string, ...lines: readonly string[]): Remedy => ({
  where: "file",
  words,
  lines,
});
