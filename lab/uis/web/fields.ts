import { type Html, html } from "./html.ts";
import type { Faults } from "./ory.ts";

export interface Field {
  name: string;
  label: string;
  type?: string;
  autocomplete?: string;
  value?: string | undefined;
  required?: boolean;
  hint?: string;
}

/** Dots of names such as `traits.email` would be classes in a CSS selector. */
const idOf = (name: string) => name.replace(/[^a-z0-9]+/gi, "-");

export function field(input: Field, faults: Faults): Html {
  const { name, label, type = "text", autocomplete = "off", value, required = true, hint } = input;
  const id = idOf(name);
  const fault = faults.fields.get(name);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return html`<label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="${type}" autocomplete="${autocomplete}"${
    value !== undefined && html` value="${value}"`
  }${required && html` required`}${fault !== undefined && html` aria-invalid="true"`}${
    described !== "" && html` aria-describedby="${described}"`
  }${type === "email" && html` autocapitalize="none" spellcheck="false"`}>
${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}${
  fault !== undefined && html`<p class="fault" id="${id}-fault">${fault}</p>`
}`;
}

export const hidden = (name: string, value: string | undefined): Html =>
  value === undefined ? html`` : html`<input type="hidden" name="${name}" value="${value}">`;

/** What is wrong with the form as a whole, read out by screen readers when the page opens. */
export const alerts = ({ form }: Faults): Html =>
  form.length === 0
    ? html``
    : html`<div id="message" role="alert">${form.map((text) => html`<div>${text}</div>`)}</div>`;

export const status = (text: string): Html => html`<p id="message" role="status">${text}</p>`;
