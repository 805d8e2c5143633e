import { FormGuard } from "../web/forms.ts";
import type { Site } from "../web/server.ts";
import { consent } from "./consent.ts";
import { heraContext } from "./context.ts";
import type { HeraEnvironment } from "./environment.ts";
import { errorPage, home } from "./home.ts";
import { showLogin, submitLogin } from "./login.ts";
import { showLogout, submitLogout } from "./logout.ts";
import { showRecovery, submitRecovery } from "./recovery.ts";
import { showRegistration, submitRegistration } from "./registration.ts";
import { showSettings, submitSettings } from "./settings.ts";
import { showVerification, submitVerification } from "./verification.ts";

export function heraSite(environment: HeraEnvironment): Site {
  const hera = heraContext(environment);
  return {
    guard: new FormGuard(hera.formKey, "__Host-hera-form"),
    routes: {
      "GET /health": () => ({ status: 200, body: "ok\n" }),
      "GET /": (visit) => home(hera, visit),
      "GET /login": (visit) => showLogin(hera, visit),
      "POST /login": (visit) => submitLogin(hera, visit),
      "GET /consent": (visit) => consent(hera, visit),
      "GET /logout": (visit) => showLogout(hera, visit),
      "POST /logout": (visit) => submitLogout(hera, visit),
      "GET /registration": (visit) => showRegistration(hera, visit),
      "POST /registration": (visit) => submitRegistration(hera, visit),
      "GET /recovery": (visit) => showRecovery(hera, visit),
      "POST /recovery": (visit) => submitRecovery(hera, visit),
      "GET /verification": (visit) => showVerification(hera, visit),
      "POST /verification": (visit) => submitVerification(hera, visit),
      "GET /settings": (visit) => showSettings(hera, visit),
      "POST /settings": (visit) => submitSettings(hera, visit),
      "GET /error": (visit) => errorPage(hera, visit),
    },
  };
}
