import { registryServer } from "./registryServer.ts";

/** `registryProcess.ts FOLDER HOST PORT IDENTITY`: the registry as a process of its own. */
const [folder, host, port, identity] = process.argv.slice(2);
if (!folder || !host || !port || !identity)
  throw new Error("usage: registryProcess.ts FOLDER HOST PORT IDENTITY");

registryServer(folder, identity)
  .on("error", (error) => {
    console.error(error.message);
    process.exit(1);
  })
  .listen(Number(port), host);
