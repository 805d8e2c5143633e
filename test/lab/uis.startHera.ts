import { heraSite } from "../../lab/uis/hera/app.ts";
import { readHeraEnvironment } from "../../lab/uis/hera/environment.ts";
import { serve } from "../../lab/uis/web/server.ts";
import { Browser } from "./uis.browser.ts";
import { heraEnvironment } from "./uis.environments.ts";
import { fake, hydraAdmin, kratosAdmin, kratosPublic, listen, password } from "./uis.fakes.ts";

/** A Hera on loopback in front of fakes, and a browser for it. */
export async function startHera(
  overrides: Record<string, string> = {},
  requests: Parameters<typeof hydraAdmin>[0] = {},
) {
  const kratos = await fake(kratosPublic());
  const identities = await fake(kratosAdmin());
  const hydra = await fake(hydraAdmin(requests));
  const environment = readHeraEnvironment({
    ...heraEnvironment,
    KRATOS_PUBLIC_URL: kratos.url,
    KRATOS_ADMIN_URL: identities.url,
    HYDRA_ADMIN_URL: hydra.url,
    ...overrides,
  });
  const url = await listen(serve(heraSite(environment)));
  return { url, browser: new Browser(url), kratos, identities, hydra };
}

export const signIn = { identifier: "ada@example.org", password };
