import { addressKind, isInside } from "../../../fleet/address.ts";
import { Findings, here, inFile } from "../finding.ts";
import { hostLines } from "../subject.ts";
import type { Check } from "./check.ts";

/** `publicAddress` leads to this host, as far as the host itself can tell. */
export const address: Check = (subject, { machine, resolved }) => {
  const { publicAddress } = subject.host;
  if (machine === undefined || machine.addresses.length === 0 || publicAddress.length === 0) return [];
  const findings = new Findings("public address");
  const [written = ""] = publicAddress;
  const isName = addressKind(written) === "name";
  const meant = isName ? (resolved ?? []) : publicAddress;
  if (meant.length === 0) {
    return findings.error(
      `${written} has no address`,
      "Records and the edge lead visitors there.",
      here(`getent ahosts ${written}`),
    ).list;
  }
  const strange = meant.filter((one) => !machine.addresses.includes(one.toLowerCase()));
  const what = `${publicAddress.join(", ")}${isName ? ` (${meant.join(", ")})` : ""}`;
  if (strange.length === 0) return findings.ok(`${what} is the host's own`).list;
  const own = machine.addresses.filter((one) => !isInside(one));
  const sameFamily = own.filter((one) => strange.some((other) => addressKind(other) === addressKind(one)));
  if (sameFamily.length === 0) {
    const inner = machine.addresses.join(", ");
    return findings.ok(
      `${what} is not on the host, which has ${inner}: something in front passes its ports on`,
    ).list;
  }
  return findings.warning(
    `${strange.join(", ")} is not the host's, which has ${sameFamily.join(", ")}`,
    "Visitors are led elsewhere, unless a load balancer or floating address is in front.",
    inFile("In the stack's file write", ...hostLines(subject, `publicAddress: [${sameFamily.join(", ")}]`)),
  ).list;
};
