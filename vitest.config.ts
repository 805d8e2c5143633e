import { defineConfig } from "vitest/config";

const minutes = (count: number) => count * 60_000;

/**
 * Five projects, from cheap to real:
 * `unit` needs nothing but Node; `browser` a Chromium; `alerts` Prometheus's promtool; `engine` and `e2e` bring up the lab (Docker, the Pulumi engine, images) first.
 */
export default defineConfig({
  test: {
    // A failure shows the whole of what was compared: of a run on another machine its log is all that there is.
    chaiConfig: { truncateThreshold: 0 },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "test/{files,fleet,backends,hosts,reports,components,program,cli,lab}/**/*.test.ts",
            "test/*.test.ts",
          ],
          // Vitest leaves one core alone, which on a machine with two is half of it.
          maxWorkers: "100%",
          // Files of one worker share what they import, which is a third of the time. None may leave anything behind.
          isolate: false,
          sequence: { groupOrder: 1 },
          // None takes more than two seconds alone; beside other work the usual five are too few for those that plan hundreds.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: minutes(1),
        },
      },
      {
        extends: true,
        test: {
          name: "alerts",
          include: ["test/alerts/**/*.test.ts"],
          testTimeout: minutes(1),
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: "test/lab.setup.ts",
          // They wait more than they work. Who needs this machine's engine takes it (test/harness/engineClaim.ts), while
          // another file uses lab hosts.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: minutes(10),
          hookTimeout: minutes(30),
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: "test/lab.setup.ts",
          fileParallelism: false,
          testTimeout: minutes(3),
          hookTimeout: minutes(30),
        },
      },
    ],
  },
});
