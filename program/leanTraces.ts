import process from "node:process";

/**
 * Has the program go on without stack traces. Pulumi's SDK takes one for every promise, several for each property of each
 * resource, and with them declaring costs a third more processor time (docs/performance.md). What a run refuses is told
 * without a trace anyway. `OLYMPUS_STACK_TRACES=1` keeps them, to find a fault in the program itself.
 *
 * Not by node's own `--stack-trace-limit=0`: there are libraries that cannot be loaded without traces.
 */
export function goOnWithoutTraces(): void {
  if (process.env.OLYMPUS_STACK_TRACES !== "1") Error.stackTraceLimit = 0;
}
