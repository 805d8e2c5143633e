import { FormGuard } from "../web/forms.ts";
import type { Site } from "../web/server.ts";
import { forAdminCalls, forAdmins } from "./admin.ts";
import { athenaContext } from "./context.ts";
import type { AthenaEnvironment } from "./environment.ts";
import { proxyPrefix, readFromKratos } from "./kratosAdminProxy.ts";
import { clientList, identityList } from "./lists.ts";
import { finishSignIn, signedOut, signOut, startSignIn } from "./signIn.ts";

export function athenaSite(environment: AthenaEnvironment, now?: () => number): Site {
  const athena = athenaContext(environment, now);
  return {
    guard: new FormGuard(athena.formKey, "__Host-athena-form"),
    tenant: new URL(athena.appUrl).host,
    routes: {
      // Says only that this program runs, as in the real image: it stays 200 without Kratos, Hydra or a database.
      "GET /api/health": () => ({ status: 200, body: "ok\n" }),
      "GET /": forAdmins(athena, identityList),
      "GET /clients": forAdmins(athena, clientList),
      "GET /signed-out": signedOut,
      "GET /api/auth/login": () => startSignIn(athena),
      "GET /api/auth/callback": (visit) => finishSignIn(athena, visit),
      "POST /api/auth/logout": (visit) => signOut(athena, visit),
      [`GET ${proxyPrefix}/*`]: forAdminCalls(athena, readFromKratos),
    },
  };
}
