import { claimEngine } from "./engineClaim.ts";

/** `tsx engineClaimProcess.ts DOCKER_HOST CLAIM`: claims the engine, says so to its parent, and waits to be killed. */
const [dockerHost = "", claim] = process.argv.slice(2);
await claimEngine(dockerHost, claim);
process.send?.("claimed");
setInterval(() => {}, 60_000);
