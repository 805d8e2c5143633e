import type { UrlOutcome } from "../facts/machine.ts";
import { Findings, onHost } from "../finding.ts";
import { acmeDirectory } from "../questions.ts";
import type { Check } from "./check.ts";

const troubles: Readonly<Record<Exclude<UrlOutcome, "opens">, string>> = {
  name: "its name has no address there",
  certificate: "its certificate is not trusted there",
  fails: "no connection",
};

/** The host reaches the server that its certificates come from. */
export const certificates: Check = (subject, { machine }) => {
  const url = acmeDirectory(subject);
  if (url === undefined || machine === undefined) return [];
  const findings = new Findings("certificates");
  const outcome = machine.urls.get(url);
  if (outcome === "opens") return findings.ok(`reaches ${url}`).list;
  const why = "Caddy gets no certificate for a new tenant, and renews none of the others.";
  const remedy = onHost(`curl -v ${url}`);
  if (outcome === undefined) {
    return findings.unknown("the host has neither curl nor wget to try the ACME server with", why, remedy)
      .list;
  }
  return findings.warning(`does not reach ${url}: ${troubles[outcome]}`, why, remedy).list;
};
