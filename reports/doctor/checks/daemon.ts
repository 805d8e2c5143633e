import { isOlder } from "../../../hosts/engines.ts";
import { answered } from "../facts/facts.ts";
import type { MachineFacts } from "../facts/machine.ts";
import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check, daemonLines } from "./check.ts";

/** How the engine lives on: after a reboot, through its own upgrades, and with its logs. */
export const daemon: Check = (_, facts) => {
  const engine = answered(facts.engine);
  const { machine } = facts;
  if (engine === undefined || machine === undefined) return [];
  const findings = new Findings("engine's service");
  const wanted = engine.kind === "docker" ? ["docker.service"] : ["podman.socket", "podman-restart.service"];
  const missing = wanted.filter((unit) => !startsAtBoot(machine, unit));
  const enable = onHost(asRoot(machine, `systemctl enable ${missing.join(" ")}`));
  if (machine.units === undefined && machine.openrc.length === 0) {
    findings.unknown(
      "this machine has no systemd that could tell whether the engine starts at boot",
      "After a reboot tenants come back only with the engine.",
      onHost("docker info   # after a reboot"),
    );
  } else if (missing.length > 0) {
    findings.error(`${missing.join(" and ")} not enabled`, "After a reboot no tenant comes back.", enable);
  } else findings.ok("starts at boot");
  if (engine.kind !== "docker") return findings.list;

  const isDeaf = isOlder(engine.version, "23");
  if (isDeaf && engine.info.LiveRestoreEnabled === true) {
    findings.warning(
      `live-restore is on, and Docker ${engine.version} is older than 23`,
      "Whenever dockerd restarts it stops looking at the health of containers that go on, and goes on calling them healthy (moby/moby#41871).",
      {
        ...onHost(...daemonLines(machine, 'without "live-restore"', "reload")),
        words:
          "Upgrade to Docker 23 or newer, or do without live-restore: an upgrade of the engine then stops the tenants for its length",
      },
    );
  } else if (isDeaf) {
    findings.ok(`live-restore is off, as it has to be before Docker 23 (here ${engine.version})`);
  } else if (engine.info.LiveRestoreEnabled !== true) {
    findings.warning(
      "live-restore is off",
      "An upgrade of the engine, by hand or unattended, stops every tenant until it is over.",
      onHost(...daemonLines(machine, '"live-restore": true', "reload")),
    );
  } else findings.ok("containers outlive its restart");
  const others = engine.containers.filter(({ isOurs }) => !isOurs);
  if (engine.info.LoggingDriver === "json-file" && !rotates(machine) && others.length > 0) {
    findings.warning(
      `logs of ${others.length} containers that are not the fleet's may grow without end`,
      "The fleet's own are rotated; these can fill the disk on which all databases lie.",
      onHost(...daemonLines(machine, '"log-opts": {"max-size": "10m", "max-file": "3"}', "restart")),
    );
  } else findings.ok(`logs by ${engine.info.LoggingDriver}; the fleet's are rotated at 3 × 10 MB each`);
  return findings.list;
};

function startsAtBoot({ units, openrc }: MachineFacts, unit: string): boolean {
  if (units !== undefined) return units.get(unit)?.isEnabled ?? false;
  return openrc.includes(unit.replace(/\.(service|socket)$/, ""));
}

function rotates({ daemon: { settings, arguments: words } }: MachineFacts): boolean {
  const options = settings["log-opts"];
  return (
    (typeof options === "object" && options !== null && "max-size" in options) || words.includes("max-size=")
  );
}
