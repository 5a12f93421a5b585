/** Milliseconds; null for what there was not: a connection that was open already, a receiver that did not answer. */
export type Timings = {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the last byte of the request to the first of the answer. */
  readonly firstByteMs: number | null;
};

/** What went over the wire beside the bodies. */
export type AttemptDetails = {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Of the receiver, as its name was resolved; null when there was no connection. */
  readonly address: string | null;
  readonly timings: Timings;
  /** Of an endpoint whose messages are changed by code; `error` is what its author is told when that failed, and nothing was sent. */
  readonly transformation?: { readonly method: string | null; readonly error: string | null };
};

/** What the sender saw of it. */
export type Wire = Omit<AttemptDetails, 'requestHeaders' | 'transformation'>;

export const NO_WIRE: Wire = {
  responseHeaders: {},
  address: null,
  timings: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null },
};
