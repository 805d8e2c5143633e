/**
 * Where a form on the page may lead, redirects included: Chromium applies `form-action` to every hop after a
 * submission. Sign-in forms end at whatever address an application registered, and applications redirect on
 * from there, so no list can be right for them and the directive is left out; all other forms keep
 * it. Injected markup, which it would blunt, has no way in: `html` escapes.
 */
export type FormsLead = "here" | "anywhere";

export interface Reply {
  status: number;
  body: string;
  type?: string;
  headers?: Readonly<Record<string, string>>;
  cookies?: readonly string[];
  formsLead?: FormsLead;
}

/** 303: the browser follows with GET, whatever it sent here, and so never repeats a password. */
export const redirect = (location: string, cookies: readonly string[] = []): Reply => ({
  status: 303,
  body: "",
  headers: { location },
  cookies,
  // Chromium looks at the policy of the page that held the form, not at this one.
  formsLead: "anywhere",
});

export const json = (status: number, value: unknown): Reply => ({
  status,
  body: JSON.stringify(value),
  type: "application/json",
});
