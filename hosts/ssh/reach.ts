/** Whether a host can be signed in to, and if not, what stands in the way. */
export type Reach =
  | { readonly kind: "here" }
  | { readonly kind: "in" }
  | { readonly kind: "no-client" }
  | { readonly kind: "old-client" }
  | { readonly kind: "other-key"; readonly type: string; readonly fingerprint: string }
  | { readonly kind: "no-such-key"; readonly offered: string }
  | { readonly kind: "identity-file"; readonly words: string }
  | { readonly kind: "denied"; readonly methods: string }
  | { readonly kind: "too-many-keys" }
  | { readonly kind: "name" }
  | { readonly kind: "refused" }
  | { readonly kind: "silent" }
  | { readonly kind: "unroutable"; readonly words: string }
  | { readonly kind: "dropped" }
  | { readonly kind: "failed"; readonly words: string };

const patterns: readonly (readonly [pattern: RegExp, reach: (...groups: readonly string[]) => Reach])[] = [
  [/Bad configuration option: knownhostscommand/i, () => ({ kind: "old-client" })],
  [
    /fingerprint for the (\S+) key sent by the remote host is\s+(SHA256:\S+?)\.?\s/,
    (type = "", fingerprint = "") => ({ kind: "other-key", type, fingerprint }),
  ],
  [
    /no matching host key type found\. Their offer: (\S+)/,
    (offered = "") => ({ kind: "no-such-key", offered }),
  ],
  [/No (\S+) host key is known for/, (offered = "") => ({ kind: "no-such-key", offered })],
  [/Too many authentication failures/, () => ({ kind: "too-many-keys" })],
  [
    /(Identity file \S+ not accessible: [^\n.]+|UNPROTECTED PRIVATE KEY FILE|Load key [^\n]+)/,
    (words = "") => ({ kind: "identity-file", words }),
  ],
  [/Permission denied \(([^)]*)\)/, (methods = "") => ({ kind: "denied", methods })],
  [/Could not resolve hostname/, () => ({ kind: "name" })],
  [/Connection refused/, () => ({ kind: "refused" })],
  [/(No route to host|Network is unreachable)/, (words = "") => ({ kind: "unroutable", words })],
  [/(timed out|Timeout, server)/, () => ({ kind: "silent" })],
  [
    /(kex_exchange_identification|Connection (?:closed|reset) by|banner exchange)/,
    () => ({ kind: "dropped" }),
  ],
];

/** What a failed ssh has complained about. Its messages are the same in every language setting. */
export function reachFailure(complaint: string): Reach {
  for (const [pattern, reach] of patterns) {
    const match = pattern.exec(`${complaint}\n`);
    if (match !== null) return reach(...match.slice(1));
  }
  return { kind: "failed", words: complaint.trim().split("\n").at(-1)?.trim() ?? "" };
}
