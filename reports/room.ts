import type { Space } from "../backends/docker/databases.ts";
import { line } from "../hosts/shell.ts";
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
export const shortage = (space: Space): string | undefined => spaceShortage(space) ?? inodeShortage(space);

/** That it is short of bytes. */
export const spaceShortage = ({ folder, totalMiB, freeMiB }: Space): string | undefined =>
  freeMiB < enoughMiB && percent(freeMiB, totalMiB) < leastPercent
    ? `${amount(freeMiB)} of ${amount(totalMiB)} free at ${folder}`
    : undefined;

/** That it is short of files, however many bytes are left. */
export const inodeShortage = ({ folder, inodes }: Space): string | undefined =>
  inodes !== undefined && percent(inodes.free, inodes.total) < leastInodesPercent
    ? `${inodes.free} of ${inodes.total} inodes free at ${folder}`
    : undefined;

/** Whether a database's complaint is that the disk is full, so that nothing but room is needed. */
export const needsRoom = (complaint: string) => /No space left on device|Disk quota exceeded/.test(complaint);

/** A command line for the host that shows what takes the room where a database lies. */
export const largestIn = (container: string) =>
  `${line("docker", "exec", container, "sh", "-c", 'du -xh -d 2 "$PGDATA/.."')} | sort -h | tail`;

/** A command line for the host that shows what a container has said last. */
export const lastWordsOf = (container: string) => line("docker", "logs", "--tail", "20", container);
