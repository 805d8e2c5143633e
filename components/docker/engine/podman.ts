import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "../../../hosts/engines.ts";
import type { ContainerDeclaration, EngineContainer } from "./declaration.ts";

/*
 * In which Podman differs from Docker behind the same API, measured on 4.3.1. What is not here is the same on both;
 * what each costs is in docs/podman.md.
 */

/**
 * Podman reports these otherwise than they were given, so that every `up` after a refresh would replace the container:
 * capabilities one by one, temporary file systems with options and places of its own, a private IPC as shareable (4.3),
 * limits of its own (5.4), the stop signal as a number, and neither log options nor mounts.
 */
const reportedOtherwise = [
  "capabilities",
  "ipcMode",
  "logOpts",
  "mounts",
  "stopSignal",
  "tmpfs",
  "ulimits",
] as const;

/**
 * Before 5.1 there is no `POST /containers/{id}/update`, and from then on it resets what a call does not name
 * (containers/podman#29790). So what Docker changes in place replaces the container.
 */
const changedInPlaceByDocker = ["memory", "memorySwap", "cpuShares", "restart"];

/** A container whose root is read-only gets these all the same, open to executables and of any size. */
const ownTmpfs = {
  "/tmp": "rw,noexec,nosuid,nodev,size=1m,mode=1777",
  "/run": "rw,noexec,nosuid,nodev,size=1m,mode=0755",
  "/var/tmp": "rw,noexec,nosuid,nodev,size=1m,mode=1777",
} as const;

/** Numbers of an owner are refused; `U` stands for the container's own user, and nobody else writes there. */
const owned = (options: string) => options.replace(/,uid=\d+,gid=\d+/, ",U");

const mapped = (values: Readonly<Record<string, string>>, each: (value: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, each(value)]));

/** Reported without its value, so it is given without one. */
const securityOption = (option: string) => option.replace(/^(no-new-privileges):true$/, "$1");

/**
 * A container as Podman takes it. Names of its neighbours are in its /etc/hosts: Podman's DNS asks the world's also
 * for anyone who is on an internal network (aardvark-dns before 1.11), so the firewall lets nobody there ask it.
 *
 * Changes of what Podman reports otherwise are ignored, and a fingerprint of those properties stands in a label, so
 * that an edit still replaces the container.
 */
export function podmanContainer({ neighbours = {}, ...declared }: ContainerDeclaration): EngineContainer {
  const args = {
    ...declared,
    securityOpts: declared.securityOpts.map(securityOption),
    tmpfs: { ...ownTmpfs, ...mapped(declared.tmpfs, owned) },
    hosts: Object.entries(neighbours).map(([host, ip]) => ({ host, ip })),
  };
  const ignored = Object.fromEntries(reportedOtherwise.map((property) => [property, args[property]]));
  const label = { label: "olympus-fleet.declared", value: pulumi.output(ignored).apply(fingerprint) };
  return {
    args: { ...args, labels: [...args.labels, label] },
    ignoreChanges: [...reportedOtherwise],
    replaceOnChanges: changedInPlaceByDocker,
  };
}

/** Podman keeps the bridge's name elsewhere than among the options, and adds what it makes of Docker's defaults. */
export const podmanNetworkOptions = { ignoreChanges: ["options", "ipamOptions"] };
