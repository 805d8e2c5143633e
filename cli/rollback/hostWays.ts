import type { Host } from "../../fleet/model.ts";
import { type Transport, transportTo } from "../../hosts/transport.ts";

/** Connections of its own: what looks at hosts meanwhile (`fleet status` by cron) closes those that it has used. */
const connections = "-rollback";

/**
 * One way to each host, however many of its tenants are asked side by side: to close it ends what others still do over it, so
 * it is closed once, at the end.
 */
export class HostWays {
  private readonly ways = new Map<string, Transport>();

  to(host: Host): Transport {
    const way = this.ways.get(host.name) ?? transportTo(host, connections);
    this.ways.set(host.name, way);
    return way;
  }

  async close(): Promise<void> {
    await Promise.all([...this.ways.values()].map((way) => way.close()));
  }
}
