import { line } from "../../../hosts/shell.ts";
import { largestIn, lastWordsOf, needsRoom, shortage } from "../../room.ts";
import { Findings, onHost } from "../finding.ts";
import type { Check } from "./check.ts";

/** The database of each tenant that runs can be written, and has room where its volume is a disk of its own. */
export const databases: Check = (_subject, facts) => {
  const found = facts.databases;
  if (found === undefined) return [];
  const findings = new Findings("databases");
  for (const { container, space, complaint } of found.databases) {
    if (complaint !== undefined) {
      findings.error(
        `${container} cannot be written: ${complaint}`,
        needsRoom(complaint)
          ? "Nobody can sign in until there is room; nothing has to be started again then."
          : "Nobody can sign in.",
        onHost(
          needsRoom(complaint)
            ? line("docker", "exec", container, "sh", "-c", 'df -h "$PGDATA"')
            : lastWordsOf(container),
        ),
      );
    }
    const short = space && shortage(space);
    if (short !== undefined) {
      findings.warning(
        `the disk of ${container} is nearly full: ${short}`,
        "On a full disk nobody can sign in at its tenant.",
        onHost(largestIn(container)),
      );
    }
  }
  if (!found.isWhole) {
    findings.unknown(
      "not every database has answered in time",
      "One of them may hang, as on a disk that does not answer.",
      onHost("docker ps --filter label=olympus-fleet.service=postgres"),
    );
  }
  const count = found.databases.length;
  return findings.list.length > 0 || count === 0
    ? findings.list
    : findings.ok(count === 1 ? "the tenant's can be written" : `all ${count} can be written`).list;
};
