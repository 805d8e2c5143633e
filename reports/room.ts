import type { Space } from "../backends/docker/databases.ts";
import { amount, percent } from "./plan/amount.ts";

/**
 * Where a kubelet begins to make room by itself (imagefs.available) and Elasticsearch stops putting more on a node: early
 * enough to look into it by day.
 */
const leastPercent = 15;
/** On a large disk a percentage is more than anybody fills: two releases of images, a dump, and a log of 1 GiB for some tenants. */
const enoughMiB = 10 * 1024;
/** As a kubelet has it (nodefs.inodesFree). */
const leastInodesPercent = 5;

/** What a file system is running out of, in words; undefined while there is enough of everything. */
export function shortage({ folder, totalMiB, freeMiB, inodes }: Space): string | undefined {
  if (freeMiB < enoughMiB && percent(freeMiB, totalMiB) < leastPercent) {
    return `${amount(freeMiB)} of ${amount(totalMiB)} free at ${folder}`;
  }
  if (inodes !== undefined && percent(inodes.free, inodes.total) < leastInodesPercent) {
    return `${inodes.free} of ${inodes.total} inodes free at ${folder}`;
  }
  return undefined;
}

/** Whether a database's complaint is that the disk is full, so that nothing but room is needed. */
export const needsRoom = (complaint: string) => /No space left on device|Disk quota exceeded/.test(complaint);
