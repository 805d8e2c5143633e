import process from "node:process";
import { setInterval } from "node:timers";

/*
 * Ends the program when the engine is gone. Nobody tells it: a `pulumi` that was killed takes its plugins along, or not,
 * and the SDK's handler of uncaught errors writes to a stream whose reader is gone, which is an uncaught error, and so on
 * without end (docs/upstream.md). The first import of the program, since that can happen while the others are loaded.
 */

/** How often it is looked whether the language host, which has started this process, is still there. */
const lookMs = 500;

/** Process that adopts those whose parent is gone. */
const init = 1;

const parent = process.ppid;
const end = () => process.exit(1);

for (const stream of [process.stdout, process.stderr]) stream.on("error", end);
if (parent === init) end();
setInterval(() => process.ppid === parent || end(), lookMs).unref();
