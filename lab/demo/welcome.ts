import type { FleetOutputs } from "../stack/fleetStack.ts";

/** What a newcomer sees at the end of `npm run demo`. */
export function welcome({ fleet, inputRules }: FleetOutputs, seconds: number): string {
  const all = Object.entries(fleet);
  const open = all.filter(([, { state }]) => state === "active");
  const closed = all.filter(([, { state }]) => state !== "active");
  const tenants = open.map(
    ([name, { urls, administrator }]) => `
  ${name}
    sign-in        ${urls.login}/login
    admin          ${urls.admin}
    OpenID         ${urls.api}/.well-known/openid-configuration
    administrator  ${administrator.email}
    password       ${administrator.initialPassword}`,
  );
  const rule = Object.values(inputRules).find((state) => state !== "applied");
  return `
${open.length} tenants answer after ${seconds.toFixed(0)} s, each with its own Postgres, Kratos, Hydra, Hera and Athena.
${[...tenants, ...closed.map(([name, { state }]) => `\n  ${name} is ${state}`)].join("\n")}
${rule ? `\n  The rule that keeps tenants from this machine's own services is ${rule}\n` : ""}
Try:
  - Sign in at one tenant's admin page, then use the same password at the other: it is worth nothing there.
    (Your browser does not know the certificate authority of this demo yet; that is expected.)
  - Add a tenant: write "  newcorp: {}" below "tenants:" in tenants.yaml and run npm run demo again.
    Only resources named newcorp-... are made.
  - See what runs: docker ps
  - Remove everything: npm run demo -- down`;
}
