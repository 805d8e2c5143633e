import type { HostFacts } from "../facts/facts.ts";
import { Findings, here, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/** Seconds: applications allow for about this much when they read `iat` and `exp` of a token. */
const tolerated = 5;
/** Seconds: tokens are refused, and an ACME server's answers look forged. */
const broken = 60;

/** The host's clock is right, and somebody keeps it so. */
export const time: Check = ({ host }, { machine, clock }) => {
  const findings = new Findings("time");
  if (machine === undefined) return [];
  const root = (line: string) => asRoot(machine, line);
  const offset = clock === undefined ? 0 : distance(clock);
  const set = onHost("date -u", root("timedatectl set-ntp true"), "timedatectl timesync-status");
  if (host.ssh !== undefined && Math.abs(offset) >= tolerated) {
    const found = `${words(Math.abs(offset))} ${offset > 0 ? "ahead of" : "behind"} the clock of this machine`;
    const why = "Applications refuse tokens that are issued in the future, and sessions end early or late.";
    const remedy = { ...set, words: "If `date -u` here is right" };
    if (Math.abs(offset) >= broken) findings.error(found, why, remedy);
    else findings.warning(found, why, remedy);
  }
  if (machine.isSynchronised === false) {
    findings.warning(
      "the clock is not synchronised",
      "It drifts, until applications refuse the tokens of every tenant.",
      onHost(root("apt-get install systemd-timesyncd"), root("timedatectl set-ntp true")),
    );
  } else if (machine.isSynchronised === undefined) {
    findings.unknown(
      "neither systemd nor chrony says whether the clock is synchronised",
      "A clock that nobody sets drifts, until applications refuse the tokens of every tenant.",
      host.ssh === undefined ? here("timedatectl") : onHost("timedatectl"),
    );
  }
  if (findings.list.length === 0)
    findings.ok(`synchronised${host.ssh ? ", and agrees with this machine's" : ""}`);
  return findings.list;
};

/** The least offset that the reading allows: the way there and back is not the clock's fault. */
function distance({ least, most }: NonNullable<HostFacts["clock"]>): number {
  if (least > 0) return least;
  return most < 0 ? most : 0;
}

function words(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
