import { describe, expect, test } from "vitest";
import { containerRules } from "./rules.ts";

/** Bits of the kernel's capability masks. */
const capabilityBit = { NET_BIND_SERVICE: 10, NET_ADMIN: 12 } as const;

/** What the kernel says about a process, /proc/PID/status by field. */
export type ProcessStatus = Readonly<Record<string, string>>;

/** @param statusOf every process of a container */
export function processCases(statusOf: (container: string) => Promise<readonly ProcessStatus[]>): void {
  // Which volume a container has does not matter here.
  describe.each(containerRules(18).filter(([, { isStep }]) => !isStep))(
    "every process of %s",
    (name, rule) => {
      test("has these rights in the eyes of the kernel", async () => {
        const processes = await statusOf(name);
        expect(processes.length).toBeGreaterThan(0);
        const mask = rule.capability ? 2 ** capabilityBit[rule.capability] : 0;
        const [uid = ""] = rule.user.split(":");
        for (const status of processes) {
          expect(status).toMatchObject({ NoNewPrivs: "1", Seccomp: "2", CapAmb: "0000000000000000" });
          for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd"]) {
            // The engine gives root its added capabilities, and nobody else any.
            expect(Number.parseInt(status[set] ?? "", 16) & ~mask, set).toBe(0);
          }
          expect(status.Uid?.split("\t")).toEqual([uid, uid, uid, uid]);
        }
      });
    },
  );
}

/** @param text of one /proc/PID/status; nothing of a process that has ended meanwhile */
export function processStatus(text: string): ProcessStatus[] {
  const status = Object.fromEntries(text.split("\n").map((line) => line.split(":\t", 2)));
  return status.Uid === undefined ? [] : [status];
}
