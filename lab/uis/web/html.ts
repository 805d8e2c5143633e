/** Text that is markup already. Only `html` makes it, so a plain string can never be taken for it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Fragment = Html | string | number | false | undefined | readonly Fragment[];

export const escapeHtml = (text: string) =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);

function render(fragment: Fragment): string {
  if (fragment === false || fragment === undefined) return "";
  if (fragment instanceof Html) return fragment.text;
  if (Array.isArray(fragment)) return fragment.map(render).join("");
  return escapeHtml(String(fragment));
}

/** Escapes whatever is put in, so that forgetting to escape is not possible. */
export function html(parts: TemplateStringsArray, ...fragments: readonly Fragment[]): Html {
  return new Html(
    parts.map((part, index) => part + (index < fragments.length ? render(fragments[index]) : "")).join(""),
  );
}
