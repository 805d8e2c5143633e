import type { HeraEnvironment } from "./environment.ts";

/**
 * As in the real image, CAPTCHA is on unless it is switched off, and on without keys means that nobody gets in.
 * With keys the stand-in refuses too: it reaches no CAPTCHA provider, and to let people in unchecked would make
 * a lab pass with a setting that it never tried.
 */
export function captchaVerdict(environment: HeraEnvironment): string | undefined {
  if (environment.CAPTCHA_ENABLED === "false") return undefined;
  return environment.CAPTCHA_SITE_KEY && environment.CAPTCHA_SECRET_KEY
    ? "CAPTCHA is on, but this stand-in of Hera has no CAPTCHA provider. Set CAPTCHA_ENABLED to false in the lab."
    : "CAPTCHA is on, but CAPTCHA_SITE_KEY and CAPTCHA_SECRET_KEY are not set. Set both, or CAPTCHA_ENABLED to false.";
}
