import { Findings, here } from "../finding.ts";
import type { Check } from "./check.ts";

/** The host has told everything that it was asked. */
export const probe: Check = ({ host }, { machine }) => {
  if (machine?.isWhole) return [];
  const target = host.ssh === undefined ? "sh" : `ssh ${host.ssh.user}@${host.ssh.hostName} sh`;
  return new Findings("facts").error(
    machine === undefined ? "no script can be run there" : "the host stopped telling about itself half-way",
    "The program works by scripts for a POSIX shell; without facts most of what follows could not be checked.",
    here(`echo 'echo works' | ${target}`),
  ).list;
};
