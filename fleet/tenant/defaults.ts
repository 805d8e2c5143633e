import type { Memory } from "../model.ts";
import type { Workload } from "./workload.ts";

/**
 * The id that Ory's and Olympus's containers run as. It is nobody's in any image: the binaries are readable by
 * all, and nothing on a read-only root needs an owner.
 */
export const unprivileged = "65532:65532";

/** For a shell and for temporary files. */
export const scratch = { path: "/tmp", sizeMiB: 16, mode: "1777" } as const;

/** What every workload has unless it says otherwise. */
export const hardened = {
  user: unprivileged,
  writable: [scratch],
  stopSignal: "SIGTERM",
  stopSeconds: 15,
  wayOut: false,
} as const satisfies Partial<Workload>;

/**
 * Steps run before the services that they prepare, so they borrow their memory. Kratos's 200 migrations need
 * more than the smallest Kratos does.
 */
export function stepMemory(of: Memory): Memory {
  return { reservationMiB: 0, limitMiB: Math.max(192, of.limitMiB) };
}

/**
 * Asks from inside the container for one path after the other, up to the first that has no success. `wget` is in every
 * image that Olympus ships. Without `-T`: busybox's crashes on it.
 */
export const httpRequests = (...asked: readonly (readonly [port: number, path: string])[]) => [
  "wget",
  "-q",
  "-O",
  "/dev/null",
  ...asked.map(([port, path]) => `http://127.0.0.1:${port}${path}`),
];

export const httpHealth = (port: number, path: string) => httpRequests([port, path]);

/** What Kratos and Hydra write about themselves, and to whom: no sensitive value, and nothing to Ory. */
export const oryLogging = {
  LOG_LEVEL: "info",
  LOG_FORMAT: "json",
  LOG_LEAK_SENSITIVE_VALUES: "false",
  // Ory's telemetry would report to sqa.ory.sh.
  SQA_OPT_OUT: "true",
} as const;
