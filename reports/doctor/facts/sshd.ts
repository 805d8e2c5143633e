import type { FactLines } from "./lines.ts";

/** What a host's sshd allows, from the best source that there was. Names are in lower case. */
export interface SshdFacts {
  /**
   * `effective` as `sshd -T` tells root, `written` as its files have it, which everybody may read on most
   * distributions; undefined when neither could be seen.
   */
  readonly source: "effective" | "written" | undefined;
  readonly settings: ReadonlyMap<string, string>;
}

/** sshd takes the first line of each setting; lines below a Match hold for some connections only. */
export function sshdFacts(lines: FactLines): SshdFacts {
  const effective = lines.all("sshd.effective");
  if (effective.length > 0) return { source: "effective", settings: firsts(effective) };
  const written = lines.all("sshd.written");
  if (lines.one("sshd.readable") !== "yes") return { source: undefined, settings: new Map() };
  const match = written.findIndex((line) => /^\s*match\s/i.test(line));
  return { source: "written", settings: firsts(match < 0 ? written : written.slice(0, match)) };
}

function firsts(lines: readonly string[]): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^\s*([A-Za-z]+)[\s=]+(.*\S)/.exec(line) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && value !== undefined && !settings.has(key))
      settings.set(key, value.toLowerCase());
  }
  return settings;
}
