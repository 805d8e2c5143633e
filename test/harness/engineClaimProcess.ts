import { claimEngine } from "./engineClaim.ts";

/** `tsx engineClaimProcess.ts DOCKER_HOST`: claims the engine, says so to its parent, and waits to be killed. */
const [dockerHost = ""] = process.argv.slice(2);
await claimEngine(dockerHost);
process.send?.("claimed");
setInterval(() => {}, 60_000);
