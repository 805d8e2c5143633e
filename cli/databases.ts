import { type Databases, databases, databasesScript } from "../backends/docker/databases.ts";
import type { EngineKind } from "../hosts/engines.ts";
import type { Transport } from "../hosts/transport.ts";

/** A database that is busy gives up after ten seconds by itself; one that hangs does not. */
const seconds = 40;

/** Asks a host how much room its tenants have, and whether their databases can be written; undefined when it says nothing. */
export async function askDatabases(transport: Transport, engine: EngineKind): Promise<Databases | undefined> {
  return databases((await transport.run(databasesScript(engine), { seconds })).out);
}
