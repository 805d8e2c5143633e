import { amount } from "../../plan/amount.ts";
import { inodeShortage, spaceShortage } from "../../room.ts";
import { answered } from "../facts/facts.ts";
import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/** Two releases of images side by side, which an upgrade needs, in MiB. */
const imagesMiB = 4096;
/** A new tenant's database with its write-ahead log, and rotated logs of its containers (docs/sizing.md), in MiB. */
const tenantMiB = 512;
/** Below this a pull or a checkpoint of Postgres fails soon, in MiB. */
const leastMiB = 1024;

/** The file system of images and volumes has room for what is to come. */
export const disk: Check = (subject, facts) => {
  const found = facts.machine?.disk;
  if (found === undefined) return [];
  const findings = new Findings("disk");
  const { folder, freeMiB, totalMiB } = found;
  const engine = answered(facts.engine);
  const running = new Set(engine?.volumes.flatMap(({ tenant }) => tenant ?? []));
  const coming = subject.tenants.filter(({ tenant }) => !running.has(tenant.name)).length;
  const needed = (running.size === 0 ? imagesMiB : 0) + coming * tenantMiB;
  const what = `${amount(freeMiB)} of ${amount(totalMiB)} free at ${folder}`;
  const remedy = onHost(
    asRoot(facts.machine, `du -xh -d 2 ${folder} | sort -h | tail`),
    "docker system df",
    "docker image prune --all --filter until=720h   # images that no container uses, older than 30 days",
  );
  if (freeMiB < leastMiB) {
    findings.error(what, "Pulls fail, and Postgres of every tenant stops when it cannot write.", remedy);
  } else if (freeMiB < needed) {
    findings.warning(
      what,
      `Images of two releases and ${coming} new tenants take about ${amount(needed)}.`,
      remedy,
    );
  } else if (spaceShortage(found) !== undefined) {
    findings.warning(what, "Databases grow; on a full disk nobody can sign in at any tenant.", remedy);
  } else findings.ok(what);
  const inodes = inodeShortage(found);
  if (inodes !== undefined) {
    findings.warning(inodes, "Without them no file can be made, however much space is left.", remedy);
  }
  return findings.list;
};
