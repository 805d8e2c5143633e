import { smtpKey } from "../../fleet/stackSecrets.ts";
import { defaults } from "../defaults.ts";
import { fault, hasWritten } from "../files.ts";
import { inline } from "../inline.ts";
import { shown } from "../pasted.ts";
import { keysOf, valueAt } from "../path.ts";
import { ringNames } from "../rings.ts";
import { didYouMean } from "../suggestion.ts";
import type { Rule } from "./rule.ts";

/** Releases that tenants name stand in releases.yaml. */
export const release: Rule = ({ tenants, releases, entries, input }) => {
  const known = keysOf(valueAt(releases.source.value, ["releases"]));
  if (releases.value === undefined) return [];
  if (known.length === 0) {
    const none = { fault: "there is no release", remedy: "Write one as docs/tenants.md shows." };
    return releases.value.releases === undefined ? [] : [fault(releases, ["releases"], none)];
  }
  const newest = known.toSorted().at(-1) ?? "";
  const wrong = (name: string) => ({
    fault: `${shown(name)} is not a release of ${input.releases.file} (${known.join(", ")})`,
    remedy: didYouMean(name, known, `Write one of these, or add it to ${input.releases.file}.`),
  });
  const usual = tenants.value?.defaults?.release;
  const hasUsual = hasWritten(tenants, ["defaults", "release"]);
  const ofDefaults =
    usual === undefined || known.includes(usual)
      ? []
      : [fault(tenants, ["defaults", "release"], wrong(usual))];
  const ofTenants = entries.flatMap(({ at, written }) => {
    const here = [...at, "release"];
    if (written.release !== undefined)
      return known.includes(written.release) ? [] : [fault(tenants, here, wrong(written.release))];
    if (hasUsual || hasWritten(tenants, here)) return [];
    return [
      fault(tenants, here, {
        fault: "is missing, and defaults has none",
        remedy: `Write release: ${inline(newest)} here or under defaults.`,
      }),
    ];
  });
  return [...ofDefaults, ...ofTenants];
};

/** Rings that tenants name stand in `rings`. */
export const ring: Rule = ({ tenants, entries }) => {
  const known = ringNames(tenants);
  if (tenants.value === undefined || known === undefined) return [];
  const named = [
    { at: ["defaults", "ring"], ring: tenants.value.defaults?.ring },
    ...entries.map(({ at, written }) => ({ at: [...at, "ring"], ring: written.ring })),
  ];
  return named.flatMap(({ at, ring: name }) => {
    if (name === undefined || known.includes(name)) return [];
    return [
      fault(tenants, at, {
        fault: `${shown(name)} is not one of the rings (${known.join(", ")})`,
        remedy: didYouMean(name, known, "Write one of these, or add it to rings, at its place in the order."),
      }),
    ];
  });
};

/** What Hera asks for when it begins a sign-in by itself (OlympusOSS/hera@519efa0, src/app/login/page.tsx). */
const askedByHera = ["openid", "profile", "email"];

/** The client that Hera begins a sign-in for is one of the tenant's, and takes what Hera sends. */
export const defaultClient: Rule = ({ tenants, entries }) =>
  entries.flatMap(({ at, written: { defaultClient: chosen, clients } }) => {
    // Clients that are written wrong have lines of their own.
    const isUnreadable = clients === undefined && hasWritten(tenants, [...at, "clients"]);
    if (chosen === undefined || isUnreadable) return [];
    const known = Object.keys(clients ?? {});
    const here = [...at, "defaultClient"];
    const client = known.includes(chosen) ? clients?.[chosen] : undefined;
    if (client === undefined) {
      const what = {
        fault: `${shown(chosen)} is not one of the tenant's clients (${known.join(", ") || "it has none"})`,
        remedy: didYouMean(chosen, known, "Write one of its clients, or remove the line."),
      };
      return [fault(tenants, here, what)];
    }
    if (client.kind !== "confidential") {
      const what = {
        fault: `client ${chosen} is public, and Hera sends people there without PKCE, which Hydra refuses for such a client`,
        remedy: "Write a client with kind: confidential, or remove the line.",
      };
      return [fault(tenants, here, what)];
    }
    const scopes = (client.scope ?? defaults.tenant.clientScope).split(" ");
    const missing = askedByHera.filter((scope) => !scopes.includes(scope));
    if (missing.length === 0) return [];
    const what = {
      fault: `Hera asks for the scopes ${askedByHera.join(", ")}, and client ${chosen} may not ask for ${missing.join(", ")}`,
      remedy: `Write scope: ${[...scopes, ...missing].join(" ")} at the client, or remove the line.`,
    };
    return [fault(tenants, here, what)];
  });

/** Every tenant says how it sends mail, and the secret it names is one of the stack's. */
export const mail: Rule = ({ tenants, entries, input }) => {
  const usual = tenants.value?.defaults?.mail;
  const hasUsual = hasWritten(tenants, ["defaults", "mail"]);
  const known = input.secretKeys.flatMap((key) => /^smtp-(.+)$/.exec(key)?.[1] ?? []);
  const unknown = (name: string) => ({
    fault: `stack ${input.stack} has no secret olympus:smtp-${name}${list(known)}`,
    remedy: didYouMean(
      name,
      known,
      `Write it with \`pulumi config set --secret olympus:smtp-${name}\`, or mail: none.`,
    ),
    missingSecret: smtpKey(name),
  });
  const isUnknown = (name: string) => !known.includes(name);
  const inheriting = entries.some(({ at, isHere }) => isHere && !hasWritten(tenants, [...at, "mail"]));
  const ofDefaults =
    inheriting && usual !== undefined && usual !== "none" && isUnknown(usual.smtp)
      ? [fault(tenants, ["defaults", "mail", "smtp"], unknown(usual.smtp))]
      : [];
  const ofTenants = entries.flatMap(({ at, written, isHere }) => {
    const here = [...at, "mail"];
    if (written.mail === undefined) {
      if (hasUsual || hasWritten(tenants, here)) return [];
      const remedy = "Write mail: none or mail: { smtp: NAME }, here or under defaults.";
      return [fault(tenants, here, { fault: "is missing, and defaults has none", remedy })];
    }
    // Secrets are the stack's: those of tenants elsewhere are not known here.
    if (!isHere || written.mail === "none" || !isUnknown(written.mail.smtp)) return [];
    return [fault(tenants, [...here, "smtp"], unknown(written.mail.smtp))];
  });
  return [...ofDefaults, ...ofTenants];
};

function list(names: readonly string[]): string {
  return names.length === 0
    ? " (it has no SMTP secret)"
    : ` (it has ${names.map((name) => `smtp-${name}`).join(", ")})`;
}
