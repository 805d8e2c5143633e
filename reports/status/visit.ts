/** A page that a visitor must get. */
export interface Page {
  readonly url: string;
  /** Where it is asked for: an address of the host's, or of the edge's in front of it. Default: what the URL's name leads to. */
  readonly address?: string | undefined;
  /** What is away without it: `sign-in`, `tokens`. */
  readonly purpose: string;
}

/** When a certificate is good. */
export interface Validity {
  readonly from: Date;
  readonly until: Date;
}

/** What a visitor got. */
export interface Visit extends Page {
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  /** Why there was none: `ECONNREFUSED`. */
  readonly complaint: string | undefined;
  /** Undefined when there was no handshake. */
  readonly certificate: Validity | undefined;
}
