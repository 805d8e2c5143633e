import { loadOf } from "../../../fleet/capacity.ts";
import { amount } from "../../plan/amount.ts";
import { answered } from "../facts/facts.ts";
import { Findings, inFile } from "../finding.ts";
import { hostLines } from "../subject.ts";
import type { Check } from "./check.ts";

/** Firmware and kernel keep a part of what was bought to themselves. */
const kept = 1 / 16;

/** The machine has the memory that the configuration counts on, and its tenants fit. */
export const memory: Check = (subject, facts) => {
  const { host, tenants, isEdge } = subject;
  const total = answered(facts.engine)?.info.MemTotal;
  const actual = total === undefined ? facts.machine?.memoryMiB : Math.floor(total / 2 ** 20);
  if (actual === undefined) return [];
  const findings = new Findings("memory");
  if (actual < host.memoryMiB * (1 - kept)) {
    findings.error(
      `${amount(actual)}, and the configuration says ${amount(host.memoryMiB)}`,
      "Tenants are placed by what the configuration says; the kernel would stop services of some.",
      inFile("In the stack's file write", ...hostLines(subject, `memory: ${Math.floor(actual)}MiB`)),
    );
  }
  const placed = tenants.map(({ tenant }) => ({ ...tenant, tenant: tenant.name }));
  const { reservedMiB } = loadOf(host.name, placed);
  const available = actual - host.reserveMiB;
  if (!isEdge && reservedMiB > available) {
    findings.error(
      `its ${tenants.length} tenants use ${amount(reservedMiB)}, and ${amount(Math.max(0, available))} are left for them`,
      `That much is in use at the same time, beside ${amount(host.reserveMiB)} for system, engine and Caddy.`,
      inFile(
        "In tenants.yaml put some on another host (their data does not follow by itself)",
        "tenants:",
        `  ${tenants.at(-1)?.tenant.name}:`,
        "    host: ANOTHER",
      ),
    );
  }
  if (findings.list.length > 0) return findings.list;
  const use = isEdge ? "" : `, ${amount(reservedMiB)} for ${tenants.length} tenants`;
  return findings.ok(`${amount(actual)}, the configuration counts on ${amount(host.memoryMiB)}${use}`).list;
};
