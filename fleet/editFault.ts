/** What an edit of the files does to tenants that have data, and what to write instead. */
export interface EditFault {
  /** `tenants.yaml`, or the stack's configuration. */
  readonly in: "tenants" | "stack";
  /** Where it stands there: `["tenants", "acme", "host"]`; with its nearest parent when it is not there. */
  readonly at: readonly string[];
  /** A clause that follows the path. No full stop. */
  readonly fault: string;
  /** Sentences that say what to write. */
  readonly remedy: string;
}
