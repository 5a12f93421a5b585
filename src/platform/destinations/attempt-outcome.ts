/** What is to be brought to a destination, signed. */
export type AttemptRequest = {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** For all of it: name look-up, connection, request and answer. */
  readonly timeoutMs: number;
};

/** Milliseconds; null for what there was not: a connection that was open already, a receiver that did not answer. */
export type Timings = {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the last byte of the request to the first of the answer. */
  readonly firstByteMs: number | null;
};

/** What went over the wire beside the bodies. */
export type Wire = {
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Of the receiver, as its name was resolved; null when there was no connection. */
  readonly address: string | null;
  readonly timings: Timings;
};

export const NO_WIRE: Wire = {
  responseHeaders: {},
  address: null,
  timings: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null },
};

/** What happened to one request. A failing receiver is an outcome that we planned for, not an exception. */
export type AttemptOutcome =
  /** With a status of HTTP, which decides. */
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      /** At most 64 KiB of it, as bytes: it may be anything. */
      readonly body: Buffer;
      /** `Retry-After` in seconds from now. */
      readonly retryAfterSeconds: number | null;
      readonly wire: Wire;
    }
  /** The receiver let us in by a login of its own and has confirmed that it keeps the message. */
  | { readonly kind: 'accepted'; readonly wire: Wire }
  /** `body`: what it said, where that tells more than the reason. */
  | { readonly kind: 'failed'; readonly reason: string; readonly body?: Buffer; readonly wire: Wire }
  /** By us, at shutdown: it does not count. */
  | { readonly kind: 'aborted' };

/** Why there was no connection: the same for every kind of destination. */
export const CONNECTION_REASONS = [
  'ssrf_blocked',
  'dns_nxdomain',
  'dns_failed',
  'tcp_refused',
  'tcp_unreachable',
  'timeout_connect',
  'connection_lost',
  'tls_expired',
  'tls_name_mismatch',
  'tls_untrusted',
  'tls_failed',
  'bad_response',
  'bad_request',
] as const;
export type ConnectionReason = (typeof CONNECTION_REASONS)[number];

/** As they are told, to the tenth of a millisecond. @param phases of the connection, if it was made for this attempt */
export function timingsOf(phases: Omit<Timings, 'firstByteMs'> | null, firstByteMs: number | null): Timings {
  const { dnsMs, connectMs, tlsMs } = phases ?? NO_WIRE.timings;
  return { dnsMs: rounded(dnsMs), connectMs: rounded(connectMs), tlsMs: rounded(tlsMs), firstByteMs: rounded(firstByteMs) };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
