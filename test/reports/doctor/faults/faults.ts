import type { Fault } from "./fault.ts";
import { lifeFaults } from "./life.ts";
import { machineFaults } from "./machine.ts";
import { networksFaults } from "./networks.ts";
import { wayFaults } from "./way.ts";

export const faults: readonly Fault[] = [...wayFaults, ...machineFaults, ...networksFaults, ...lifeFaults];
