/**
 * Numbers of those who ask a host's containers side by side. Each question is a process in a container, which costs a tenth of
 * a second of the host's.
 */
export const workers: readonly number[] = [0, 1, 2, 3];
