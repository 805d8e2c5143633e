import { type Fault, fault } from "./fault.ts";

/** Kernel, memory, disk. */
export const machineFaults: readonly Fault[] = [
  fault("an architecture without images", "kernel", "error", /riscv64/, /imagetools/, {
    info: { Architecture: "riscv64" },
  }),
  fault("memory without limits", "kernel", "error", /cannot limit memory/, /cgroup_enable=memory/, {
    info: { MemoryLimit: false },
  }),
  fault("swap without limits", "kernel", "warning", /cannot limit swap/, /swapaccount=1/, {
    info: { SwapLimit: false },
  }),
  fault("processes without limits", "kernel", "warning", /processes/, /cgroups/, {
    info: { PidsLimit: false },
  }),
  fault("a storage driver that copies", "kernel", "warning", /vfs/, /overlay2/, { info: { Driver: "vfs" } }),
  fault("a file system without d_type", "kernel", "error", /d_type/, /ftype/, {
    info: { DriverStatus: [["Supports d_type", "false"]] },
  }),
  fault(
    "two managers of cgroups",
    "kernel",
    "warning",
    /cgroupfs beside systemd/,
    /native\.cgroupdriver=systemd/,
    { info: { CgroupDriver: "cgroupfs" } },
  ),
  fault(
    "less memory than written",
    "memory",
    "error",
    /8GiB, and the configuration says 16GiB/,
    /memory: 8192MiB/,
    { info: { MemTotal: 8192 * 2 ** 20 } },
  ),
  fault(
    "tenants that do not fit",
    "memory",
    "error",
    /its 2 tenants use 1006MiB, and 950MiB are left/,
    /bigcorp/,
    { info: { MemTotal: 2850 * 2 ** 20 } },
    { host: { memory: "2950MiB", reserve: "1900MiB" } },
  ),
  fault("a full disk", "disk", "error", /221MiB of 252GiB free at \/var\/lib\/docker/, /docker image prune/, {
    lines: ["disk.space=264212084 226676"],
  }),
  fault("no room for what is to come", "disk", "warning", /4GiB of 20GiB/, /du -xh/, {
    lines: ["disk.space=20971520 4194304"],
  }),
  fault(
    "a disk that is nearly full",
    "disk",
    "warning",
    /^9\.9GiB of 252GiB free at \/var\/lib\/docker$/,
    /docker system df/,
    {
      lines: ["disk.space=264212084 10380902"],
    },
  ),
  fault("no inodes left", "disk", "warning", /1000 of 16777216 inodes/, /docker system df/, {
    lines: ["disk.inodes=16777216 1000"],
  }),
];
