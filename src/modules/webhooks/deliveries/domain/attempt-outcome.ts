import type { Trace } from './attempt-details';

/** What happened to one HTTP request. A failing receiver is an outcome that we planned for, not an exception. */
export type AttemptOutcome =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      /** At most 64 KiB of it, as bytes: it may be anything. */
      readonly body: Buffer;
      /** `Retry-After` in seconds from now. */
      readonly retryAfterSeconds: number | null;
      readonly trace: Trace;
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly trace: Trace }
  /** By us, at shutdown: it does not count. */
  | { readonly kind: 'aborted' };

export type FailureReason =
  | 'ssrf_blocked'
  | 'dns_failed'
  | 'tcp_refused'
  | 'tcp_unreachable'
  | 'timeout_connect'
  | 'timeout_response'
  | 'connection_lost'
  | 'tls_failed'
  | 'bad_response'
  | 'bad_request';

/** A stable word for logs, metrics and people. */
export function reasonOf(outcome: Exclude<AttemptOutcome, { kind: 'aborted' }>): string {
  if (outcome.kind === 'failed') return outcome.reason;
  const { statusCode } = outcome;
  if (isSuccess(statusCode)) return 'ok';
  if (statusCode === 410) return 'http_410_gone';
  if (statusCode === 429) return 'http_429';
  return `http_${Math.floor(statusCode / 100)}xx`;
}

export function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}
