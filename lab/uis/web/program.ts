import type { Server } from "node:http";
import { ContractBroken } from "./environment.ts";
import { stopOnSignal } from "./server.ts";

/** Starts a user interface, or says in one line why it cannot and exits with 1, so that a health gate sees it. */
export function run(name: string, start: () => { server: Server; port: number }): void {
  try {
    const { server, port } = start();
    server.on("error", (error) => {
      console.error(`${name}: cannot listen on port ${port}: ${error.message}`);
      process.exit(1);
    });
    server.listen(port, () => console.log(`${name}: listening on port ${port}`));
    stopOnSignal(server);
  } catch (error) {
    if (!(error instanceof ContractBroken)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
