/** What a certificate authority has been asked for. */
export interface Journal {
  /** Orders, whatever became of them. */
  readonly orders: number;
  /** Names whose owner it has wanted to be shown, in that order; one more time for every further try. */
  readonly validated: readonly string[];
  /** Names at whose port 80 it has knocked (HTTP-01). All others of `validated` have been asked by TLS alone (TLS-ALPN-01). */
  readonly askedByHttp: readonly string[];
  /** Certificates that it has issued. */
  readonly certificates: number;
}

/** Reads Pebble's log, which is the only place where it tells of orders. */
export function journal(log: string): Journal {
  const all = (pattern: RegExp) => [...log.matchAll(pattern)].map(([, found]) => found ?? "");
  return {
    orders: all(/Added order "([^"]+)" to the db/g).length,
    validated: all(/Pulled a task from the Tasks queue: .*?Value:"([^"]+)"/g),
    askedByHttp: [...new Set(all(/Attempting to validate w\/ HTTP: http:\/\/([^/:]+)/g))],
    certificates: all(/Issued certificate serial (\S+) for order/g).length,
  };
}
