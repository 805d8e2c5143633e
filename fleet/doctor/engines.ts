import type { Host } from "../model.ts";

/** The oldest engine of a kind that will do. */
export interface OldestEngine {
  readonly version: string;
  readonly api: string;
  /** What is missing before it. One clause. */
  readonly why: string;
  /** Debian's and Ubuntu's name of it. */
  readonly package: string;
}

/** The one table of what engines are needed. */
export const oldestEngines: Readonly<Record<Host["engine"], OldestEngine>> = {
  docker: {
    version: "20.10",
    api: "1.41",
    why: "the program was run on nothing older.",
    package: "docker.io",
  },
  podman: {
    version: "4.3",
    api: "1.41",
    why: "the program was run on nothing older.",
    package: "podman",
  },
};
