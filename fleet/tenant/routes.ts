import { hostNames } from "../names.ts";
import { ports, type TenantContext } from "./context.ts";
import { adminLimits, apiLimits, loginLimits } from "./limits.ts";
import type { Route } from "./workload.ts";

/** Health and metrics pages are for the inside; what answers 404 tells an attacker nothing. */
const internalPaths = ["/health", "/health/*", "/metrics", "/metrics/*"];

/** The tenant's sites: login UI, Hydra's public API, admin UI for allowed addresses. Admin ports have none. */
export function routes(context: TenantContext, domain: string): Route[] {
  const { tenant } = context;
  const names = hostNames(tenant.name, domain);
  return [
    {
      purpose: "login",
      hostNames: [names.login, ...tenant.domains],
      to: { part: "hera", port: ports.hera },
      // Kratos posts plain passwords to this webhook of Hera's; it is for the inside (Olympus platform#12).
      hidden: [...internalPaths, "/api/policy/password*"],
      limits: loginLimits,
      pages: true,
    },
    {
      purpose: "api",
      hostNames: [names.api],
      to: { part: "hydra", port: ports.hydraPublic },
      // A device's code is short enough to guess (RFC 8628, section 5.1), and neither Hera has a page to enter one nor
      // has any client that grant.
      hidden: [...internalPaths, "/admin", "/admin/*", "/version", "/oauth2/device/*"],
      limits: apiLimits,
      pages: false,
    },
    {
      purpose: "admin",
      hostNames: [names.admin],
      to: { part: "athena", port: ports.athena },
      hidden: [...internalPaths, "/api/health"],
      limits: adminLimits,
      pages: false,
      allow: tenant.admin.allow,
    },
  ];
}
