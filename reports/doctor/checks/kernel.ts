import { answered } from "../facts/facts.ts";
import { Findings, here, onHost } from "../finding.ts";
import { asRoot, type Check, daemonLines } from "./check.ts";

/** Debian's names of architectures that the images of a release exist for. */
const architectures: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  amd64: "amd64",
  aarch64: "arm64",
  arm64: "arm64",
};

/** The name that image indexes use for an engine's architecture; undefined for one without images. */
export const imageArchitecture = (architecture: string): string | undefined => architectures[architecture];

/** Drivers that share layers between containers and were made for production. */
const soundDrivers = /^(overlay2|overlay|overlayfs|btrfs|zfs)$/;

/** What kernel and engine make of limits and images: architecture, cgroups, storage. */
export const kernel: Check = (_, facts) => {
  const info = answered(facts.engine)?.info;
  if (info === undefined) return [];
  const { machine } = facts;
  const findings = new Findings("kernel");
  const root = (line: string) => asRoot(machine, line);
  const bootOption = (option: string) =>
    onHost(
      root(`editor /etc/default/grub   # GRUB_CMDLINE_LINUX="${option}"`),
      root("update-grub"),
      root("reboot"),
    );

  const architecture = info.Architecture ?? "unknown";
  if (imageArchitecture(architecture) === undefined) {
    findings.error(
      `architecture ${architecture}`,
      "Images of a release exist for amd64 and arm64.",
      here("docker buildx imagetools inspect IMAGE   # what an image exists for"),
    );
  }
  if (info.MemoryLimit === false) {
    findings.error(
      "cannot limit memory",
      "A tenant could take all memory of the host from the others.",
      bootOption("cgroup_enable=memory"),
    );
  } else if (info.SwapLimit === false) {
    findings.warning(
      "cannot limit swap",
      "A tenant at its limit goes on in swap and slows the others down; each preview shows memorySwap as changed.",
      bootOption("swapaccount=1"),
    );
  }
  if (info.PidsLimit === false || info.CPUShares === false) {
    findings.warning(
      `cannot limit ${info.PidsLimit === false ? "processes" : "processor shares"}`,
      "One tenant can slow all others down.",
      onHost("cat /proc/cgroups", "grep cgroup /proc/cmdline"),
    );
  }
  if (info.Driver !== undefined && !soundDrivers.test(info.Driver)) {
    findings.warning(
      `storage driver ${info.Driver}`,
      "It copies or locks where overlay2 shares: every container costs its whole image on disk.",
      onHost(...daemonLines(machine, '"storage-driver": "overlay2"; images are pulled again', "restart")),
    );
  }
  if ((info.DriverStatus ?? []).some(([name, value]) => name === "Supports d_type" && value === "false")) {
    findings.error(
      "the file system below the engine lacks d_type",
      "Files that an image removes would still be seen in its containers.",
      onHost("xfs_info / | grep ftype   # needs ftype=1, which is set when the file system is made"),
    );
  }
  if (info.CgroupVersion === "2" && info.CgroupDriver === "cgroupfs" && machine?.units !== undefined) {
    findings.warning(
      "cgroup driver cgroupfs beside systemd",
      "Two programs then manage one tree of groups, and under pressure limits get lost.",
      onHost(...daemonLines(machine, '"exec-opts": ["native.cgroupdriver=systemd"]', "restart")),
    );
  }
  const groups =
    info.CgroupVersion === undefined ? "" : `, cgroup v${info.CgroupVersion} by ${info.CgroupDriver}`;
  if (findings.list.length === 0)
    findings.ok(`${architecture}, ${info.Driver ?? "unknown storage"}${groups}`);
  return findings.list;
};
