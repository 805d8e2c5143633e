import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { managedBy } from "../../fleet/names.ts";

/**
 * What every container of ours has, of a tenant or of a host. CIS numbers are of the Docker benchmark 1.6.0;
 * exceptions are in docs/security.md, each with its reason.
 */
export const hardenedContainer = {
  securityOpts: ["no-new-privileges:true"], // CIS 5.26
  readOnly: true, // CIS 5.13
  ipcMode: "private", // CIS 5.17
  // Whatever the image says, or does not say.
  stopSignal: "SIGTERM",
  // With less, a reboot or the end of the engine would leave them down (CIS 5.15; docs/adr/0005).
  restart: "always",
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
} as const satisfies Partial<docker.ContainerArgs>;

/**
 * The provider accepts a change of these as an update and does not apply it (kreuzwerker#988), so they replace;
 * the old container goes first because the name is fixed.
 */
export const containerOptions = {
  replaceOnChanges: ["healthcheck", "tmpfs", "init", "ipcMode"],
  deleteBeforeReplace: true,
} as const satisfies pulumi.CustomResourceOptions;

/** Docker reports durations as Go prints them; written otherwise, every `up` would see a change. */
function goDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

/**
 * Health check (CIS 5.27). Gates ask on their own, so the interval only decides how soon an outage shows.
 *
 * A shell script is given as one: Podman before 5.8 takes a command apart at every space.
 */
export function healthcheck(test: readonly string[], intervalSeconds: number) {
  const [program, flag, script] = test;
  const isScript = program === "sh" && flag === "-c" && script !== undefined && test.length === 3;
  return {
    tests: isScript ? ["CMD-SHELL", script] : ["CMD", ...test],
    interval: goDuration(intervalSeconds),
    timeout: "5s",
    // A host that starts all its tenants after a reboot is busy for a minute and a half; a first success ends it sooner.
    startPeriod: "2m0s",
    retries: 3,
  };
}

/** Labels by which people and programs find what is ours on a host. */
export function labels(entries: Readonly<Record<string, string>>) {
  return Object.entries({ "managed-by": managedBy, ...entries }).map(([label, value]) => ({
    label: `olympus-fleet.${label}`,
    value,
  }));
}

/** Properties of a volume that are given when it is made: a change of any would force a new, empty one. */
export const volumeGivenOnce = ["labels", "driver", "driverOpts"] as const;
